/** The part of a stream's metadata that the store acts upon. `null` = not limited. */
export interface StreamMetadata {
  readonly truncateBefore: number | null; // revision; earlier events are gone
  readonly maxCount: number | null;
  readonly maxAgeSeconds: number | null;
}

export const NO_METADATA: StreamMetadata = { truncateBefore: null, maxCount: null, maxAgeSeconds: null };

/** `$tb` of a soft-deleted stream on the wire is 2^63-1; here every number from 2^53-1 on means the same. */
const DELETED = Number.MAX_SAFE_INTEGER;
export const SOFT_DELETE_METADATA = '{"$tb":9223372036854775807}';

export const isSoftDeleted = ({ truncateBefore }: StreamMetadata): boolean =>
  truncateBefore !== null && truncateBefore >= DELETED;

/** Metadata that cannot be read, or holds one impossible value, counts as none, as EventStoreDB has it. */
export function parseStreamMetadata(data: Uint8Array): StreamMetadata {
  const json = parseObject(data);
  const truncateBefore = limitOf(json['$tb'], 0);
  const maxCount = limitOf(json['$maxCount'], 1);
  const maxAgeSeconds = limitOf(json['$maxAge'], 1);
  if (truncateBefore === undefined || maxCount === undefined || maxAgeSeconds === undefined) return NO_METADATA;
  return { truncateBefore, maxCount, maxAgeSeconds };
}

/** The metadata of a soft-deleted stream that comes back: its old events stay gone, everything else is kept. */
export function revivedMetadata(data: Uint8Array, truncateBefore: number): Uint8Array {
  return Buffer.from(JSON.stringify({ ...parseObject(data), $tb: truncateBefore }));
}

function parseObject(data: Uint8Array): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `undefined` = not a possible value. */
function limitOf(value: unknown, minimum: number): number | null | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum) return undefined;
  return Math.min(value, DELETED);
}
