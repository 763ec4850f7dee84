import { createHash } from 'node:crypto';

/** Namespace of Slipway's own event ids: a random UUID, fixed for ever. */
const EVENT_ID_NAMESPACE = Buffer.from('6b1f5f0e3f0a4a7c9a3d6a54b9c1d2e8', 'hex');

/** UUIDv5 of command id + index, so that a repeated command appends nothing. Source: RFC 9562, section 5.5. */
export const eventIdOf = (commandId: string, index: number): string => uuidV5(`${commandId}/${index}`);

/** A UUID that the same name always gives. */
export function uuidV5(name: string): string {
  const hash = createHash('sha1').update(EVENT_ID_NAMESPACE).update(name).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
