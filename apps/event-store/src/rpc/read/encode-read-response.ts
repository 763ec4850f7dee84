import { EventFlag, type StoredEvent } from '../../store/events.js';
import { ProtoWriter, fieldSize, messageSize, textOf, uintSize, type Text } from './proto-writer.js';

/** An event with the names its row only has numbers for. */
export interface NamedEvent {
  readonly event: StoredEvent;
  readonly stream: string;
  readonly type: string;
}

/**
 * ReadResp{event} written by hand: reading is all about this message, and the generated code is several times slower.
 * Source: streams.proto of EventStoreDB; the tests read it back through the client.
 * `event` is absent when a link points to nothing.
 */
export function encodeReadEvent(event: NamedEvent | undefined, link: NamedEvent | undefined): Buffer {
  const main = event && recordOf(event);
  const linked = link && recordOf(link);
  const position = (link ?? event)?.event.position ?? 0;
  const size = (main ? messageSize(main.size) : 0) + (linked ? messageSize(linked.size) : 0) + 1 + uintSize(position);
  const writer = new ProtoWriter(messageSize(size));
  writer.messageHeader(READ_RESP.event, size);
  if (main) writeRecord(writer, READ_EVENT.event, main);
  if (linked) writeRecord(writer, READ_EVENT.link, linked);
  writer.uint(READ_EVENT.commitPosition, position);
  return writer.bytes;
}

const READ_RESP = { event: 1 };
const READ_EVENT = { event: 1, link: 2, commitPosition: 3 };
const RECORD = {
  id: 1,
  stream: 2,
  revision: 3,
  preparePosition: 4,
  commitPosition: 5,
  properties: 6,
  metadata: 7,
  data: 8,
};
const UUID_STRING = 2;
const STREAM_NAME = 3;
const UUID_TEXT_BYTES = 36;

const KEY_TYPE = textOf('type');
const KEY_CREATED = textOf('created');
const KEY_CONTENT_TYPE = textOf('content-type');
const JSON_TYPE = textOf('application/json');
const BINARY_TYPE = textOf('application/octet-stream');

/** A tombstone is the last event a stream can have. */
const TOMBSTONE_REVISION = 2n ** 63n - 1n;

interface Record {
  readonly event: StoredEvent;
  readonly stream: Text;
  readonly type: Text;
  readonly created: Text; // in 100 ns since 1970
  readonly contentType: Text;
  readonly size: number;
}

function recordOf({ event, stream, type }: NamedEvent): Record {
  const parts = {
    event,
    stream: textOf(stream),
    type: textOf(type),
    created: textOf(`${event.createdMs}0000`),
    contentType: event.flags & EventFlag.json ? JSON_TYPE : BINARY_TYPE,
  };
  const size =
    messageSize(fieldSize(UUID_TEXT_BYTES)) +
    messageSize(fieldSize(parts.stream.bytes)) +
    (1 + (isTombstone(event) ? TOMBSTONE_REVISION_BYTES : uintSize(event.revision))) +
    2 * (1 + uintSize(event.position)) +
    messageSize(propertySize(KEY_TYPE, parts.type)) +
    messageSize(propertySize(KEY_CREATED, parts.created)) +
    messageSize(propertySize(KEY_CONTENT_TYPE, parts.contentType)) +
    (event.metadata ? fieldSize(event.metadata.length) : 0) +
    fieldSize(event.data.length);
  return { ...parts, size };
}

function writeRecord(writer: ProtoWriter, field: number, record: Record): void {
  const { event } = record;
  writer.messageHeader(field, record.size);
  writer.messageHeader(RECORD.id, fieldSize(UUID_TEXT_BYTES));
  writer.uuid(UUID_STRING, event.id);
  writer.messageHeader(RECORD.stream, fieldSize(record.stream.bytes));
  writer.text(STREAM_NAME, record.stream);
  if (isTombstone(event)) writer.bigUint(RECORD.revision, TOMBSTONE_REVISION);
  else writer.uint(RECORD.revision, event.revision);
  writer.uint(RECORD.preparePosition, event.position);
  writer.uint(RECORD.commitPosition, event.position);
  writeProperty(writer, KEY_TYPE, record.type);
  writeProperty(writer, KEY_CREATED, record.created);
  writeProperty(writer, KEY_CONTENT_TYPE, record.contentType);
  if (event.metadata) writer.field(RECORD.metadata, event.metadata);
  writer.field(RECORD.data, event.data);
}

const TOMBSTONE_REVISION_BYTES = 9; // 63 bits, 7 to a byte
const isTombstone = ({ flags }: StoredEvent): boolean => (flags & EventFlag.tombstone) !== 0;

const propertySize = (key: Text, value: Text): number => fieldSize(key.bytes) + fieldSize(value.bytes);

function writeProperty(writer: ProtoWriter, key: Text, value: Text): void {
  writer.messageHeader(RECORD.properties, propertySize(key, value));
  writer.text(1, key);
  writer.text(2, value);
}
