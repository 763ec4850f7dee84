import type { LogLine } from '@slipway/contracts';

export interface LogLimits {
  /** Of the whole log, line ends counted. Default 64 MiB; of this the tail takes up to `tailBytes`. */
  readonly maxBytes?: number;
  /** Default 1 MiB. */
  readonly tailBytes?: number;
}

const MIB = 1_048_576;
/** Bounds the memory of a tail of very short lines. */
const TAIL_MAX_LINES = 20_000;
/** Front of the ring that may be dead before it is cut off. */
const DEAD_LINES = 4_096;

/**
 * Keeps the head of a log that is too large and its last lines, and says in one WARNING line between them exactly what
 * was left out. A log within the limit passes unchanged. Head lines pass at once, tail lines at the end.
 */
export class LogLimiter {
  readonly #tailBytes: number;
  #headRoom: number;
  #headFull = false;
  readonly #tail = new Tail();
  #leftOut = { lines: 0, bytes: 0, until: 0 };

  constructor({ maxBytes = 64 * MIB, tailBytes = MIB }: LogLimits = {}) {
    this.#tailBytes = Math.min(tailBytes, Math.floor(maxBytes / 2));
    this.#headRoom = maxBytes - this.#tailBytes;
  }

  /** Lines that may go on now. */
  accept(line: LogLine): readonly LogLine[] {
    const bytes = sizeOf(line);
    if (!this.#headFull && bytes <= this.#headRoom) {
      this.#headRoom -= bytes;
      return [line];
    }
    this.#headFull = true;
    this.#tail.push(line, bytes);
    while (this.#tail.bytes > this.#tailBytes || this.#tail.lines > TAIL_MAX_LINES) this.#leaveOut(this.#tail.shift());
    return [];
  }

  /** The log is over: what was held back. */
  end(): readonly LogLine[] {
    const tail = this.#tail.take();
    const { lines, bytes, until } = this.#leftOut;
    if (lines === 0) return tail;
    const message = `The log is too large: ${lines} lines (${bytes} bytes) are left out here.`;
    return [{ time: until, level: 'WARNING', message }, ...tail];
  }

  #leaveOut(line: LogLine): void {
    const { lines, bytes } = this.#leftOut;
    this.#leftOut = { lines: lines + 1, bytes: bytes + sizeOf(line), until: line.time };
  }
}

/** As a text file would have it: with the line end. */
const sizeOf = ({ message }: LogLine): number => Buffer.byteLength(message) + 1;

/** First in, first out, both in constant time. */
class Tail {
  #ring: LogLine[] = [];
  #start = 0;
  bytes = 0;

  get lines(): number {
    return this.#ring.length - this.#start;
  }

  push(line: LogLine, bytes: number): void {
    this.#ring.push(line);
    this.bytes += bytes;
  }

  shift(): LogLine {
    const line = this.#ring[this.#start];
    if (line === undefined) throw new Error('the tail is empty');
    this.#start += 1;
    this.bytes -= sizeOf(line);
    if (this.#start > DEAD_LINES) {
      this.#ring = this.#ring.slice(this.#start);
      this.#start = 0;
    }
    return line;
  }

  take(): readonly LogLine[] {
    const lines = this.#ring.slice(this.#start);
    this.#ring = [];
    this.#start = 0;
    this.bytes = 0;
    return lines;
  }
}
