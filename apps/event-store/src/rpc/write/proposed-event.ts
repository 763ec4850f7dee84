import type { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import { isReservedStream, type ExpectedRevision, type ProposedEvent } from '../../store/events.js';
import { invalidArgument, requiredMetadataMissing } from '../errors.js';
import { numberOf } from '../stubs.js';

/** What Append and BatchAppend have in common: their generated types differ only in name. */
interface ProposedMessage {
  getId(): UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getCustomMetadata_asU8(): Uint8Array;
  getData_asU8(): Uint8Array;
}

interface ExpectationOptions {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

/** @throws RpcError when the id, the type or the content type is missing or impossible */
export function proposedEvent(message: ProposedMessage): ProposedEvent {
  const properties = message.getMetadataMap();
  const type = properties.get('type');
  const contentType = properties.get('content-type');
  if (type === undefined) throw requiredMetadataMissing('type');
  if (contentType === undefined) throw requiredMetadataMissing('content-type');
  if (type === '') throw invalidArgument('An event type must not be empty.');
  return {
    id: uuidBytes(message.getId()),
    type,
    isJson: contentType === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** What EventStoreDB counts against the append limit. */
export const sizeOf = ({ data, metadata, type }: ProposedEvent): number =>
  data.length + metadata.length + type.length * 2;

/** `revision` is the number of the oneof, which the three messages name differently. */
export function expectedRevision(options: ExpectationOptions, revision: string | undefined): ExpectedRevision {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  if (revision === undefined) throw invalidArgument('An expected revision is required.');
  return numberOf(revision);
}

/** @throws RpcError when nothing can be written to a stream of this name */
export function writableStream(identifier: { getStreamName_asU8(): Uint8Array } | undefined): string {
  const name = streamName(identifier);
  if (isReservedStream(name)) throw invalidArgument(`'${name}' is not a stream that can be written to.`);
  return name;
}

export const streamName = (identifier: { getStreamName_asU8(): Uint8Array } | undefined): string =>
  identifier ? Buffer.from(identifier.getStreamName_asU8()).toString('utf8') : '';

/** The text of a UUID: canonical, lower case. Correlation ids are told apart by it. */
export const uuidText = (uuid: UUID | undefined): string => {
  const hex = Buffer.from(uuidBytes(uuid)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

function uuidBytes(uuid: UUID | undefined): Uint8Array {
  const structured = uuid?.getStructured();
  if (structured) {
    const bytes = Buffer.alloc(16);
    bytes.writeBigInt64BE(BigInt(structured.getMostSignificantBits()), 0);
    bytes.writeBigInt64BE(BigInt(structured.getLeastSignificantBits()), 8);
    return bytes;
  }
  const text = uuid?.getString() ?? '';
  if (!UUID_PATTERN.test(text)) throw invalidArgument(`'${text}' is not a UUID.`);
  const bytes = Buffer.alloc(16); // not from the pool: the id lives on in the tail and would keep 8 KiB alive
  bytes.write(text.replaceAll('-', ''), 'hex');
  return bytes;
}

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
