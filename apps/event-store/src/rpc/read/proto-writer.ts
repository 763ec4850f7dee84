/** Bytes of a varint. */
export function uintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Bytes of a bytes or string field with a one-byte tag. */
export const fieldSize = (length: number): number => 1 + uintSize(length) + length;

/** Bytes of a nested message with a one-byte tag. */
export const messageSize = fieldSize;

/** A string and its length in UTF-8. */
export interface Text {
  readonly value: string;
  readonly bytes: number;
}

export const textOf = (value: string): Text => ({ value, bytes: Buffer.byteLength(value, 'utf8') });

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Writes protobuf fields with numbers up to 15 into a buffer whose size was worked out before. */
export class ProtoWriter {
  readonly bytes: Buffer;
  #offset = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  uint(field: number, value: number): void {
    this.#tag(field, VARINT);
    this.#varint(value);
  }

  /** For values beyond 2^53-1. */
  bigUint(field: number, value: bigint): void {
    this.#tag(field, VARINT);
    let rest = value;
    for (; rest >= 128n; rest >>= 7n) this.bytes[this.#offset++] = Number(rest & 127n) | 128;
    this.bytes[this.#offset++] = Number(rest);
  }

  field(field: number, value: Uint8Array): void {
    this.messageHeader(field, value.length);
    this.bytes.set(value, this.#offset);
    this.#offset += value.length;
  }

  text(field: number, { value, bytes }: Text): void {
    this.messageHeader(field, bytes);
    this.#offset += this.bytes.write(value, this.#offset, 'utf8');
  }

  messageHeader(field: number, size: number): void {
    this.#tag(field, LENGTH_DELIMITED);
    this.#varint(size);
  }

  /** 16 bytes as the 36 characters of a UUID. */
  uuid(field: number, id: Uint8Array): void {
    this.messageHeader(field, 36);
    for (const [index, byte] of id.entries()) {
      if (index === 4 || index === 6 || index === 8 || index === 10) this.bytes[this.#offset++] = HYPHEN;
      this.bytes[this.#offset++] = HEX[byte >> 4] ?? 0;
      this.bytes[this.#offset++] = HEX[byte & 15] ?? 0;
    }
  }

  #tag(field: number, wireType: number): void {
    this.bytes[this.#offset++] = (field << 3) | wireType;
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.bytes[this.#offset++] = (rest % 128) | 128;
    this.bytes[this.#offset++] = rest;
  }
}

const HYPHEN = 0x2d;
const HEX = Buffer.from('0123456789abcdef');
