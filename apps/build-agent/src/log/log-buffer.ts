import type { LogLine } from '@slipway/contracts';

export interface LogChunk {
  /** Number of the chunk's first line within the attempt, from 1. */
  readonly firstLine: number;
  readonly lines: readonly LogLine[];
}

/**
 * Takes a chunk to where it is safe. Called with one chunk at a time, in order, never again for the same lines: retries
 * are the publisher's own. A rejection is final and reaches every later `write` and `flush`.
 */
export type PublishChunk = (chunk: LogChunk) => Promise<void>;

/** A chunk is due at 100 lines, 64 KiB, or 50 ms after its first line. Source: design.md, `LogAppended`. */
const DUE_LINES = 100;
const DUE_BYTES = 65_536;
const DUE_MS = 50;
/** What may wait while a chunk is on its way, and so the size of the largest chunk: half of NATS's default max_payload. */
const MAX_WAITING_BYTES = 524_288;
/** Time, level and punctuation of a line in a chunk; also bounds the number of empty lines. */
const LINE_OVERHEAD_BYTES = 64;

/** Gathers lines into chunks: small and soon when little happens, large under load. Memory is bounded by pushing back. */
export class LogBuffer {
  readonly #publish: PublishChunk;
  #waiting: LogLine[] = [];
  #waitingBytes = 0;
  #nextLine = 1;
  #timer: NodeJS.Timeout | undefined;
  #onItsWay: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(publish: PublishChunk) {
    this.#publish = publish;
  }

  /** Lines given to the publisher so far, whatever became of them. */
  get sentLines(): number {
    return this.#nextLine - 1;
  }

  /**
   * Takes lines in; the promise holds the producer back while too much waits. Writes keep their order, awaited or not.
   * @throws whatever the publisher threw
   */
  write(lines: readonly LogLine[]): Promise<void> {
    this.#lastWrite = this.#lastWrite.then(() => this.#append(lines));
    return this.#lastWrite;
  }

  /**
   * Everything written so far has been published.
   * @throws whatever the publisher threw
   */
  async flush(): Promise<void> {
    await this.#lastWrite;
    while (this.#waiting.length > 0 || this.#onItsWay) {
      this.#send();
      await this.#onItsWay;
      this.#throwFailure();
    }
  }

  async #append(lines: readonly LogLine[]): Promise<void> {
    this.#throwFailure();
    for (const line of lines) {
      const bytes = Buffer.byteLength(line.message) + LINE_OVERHEAD_BYTES;
      if (this.#waiting.length > 0 && this.#waitingBytes + bytes > MAX_WAITING_BYTES) await this.#makeRoom();
      this.#waiting.push(line);
      this.#waitingBytes += bytes;
      if (this.#waiting.length >= DUE_LINES || this.#waitingBytes >= DUE_BYTES) this.#send();
    }
    if (this.#waiting.length > 0 && !this.#onItsWay) this.#timer ??= setTimeout(() => this.#send(), DUE_MS);
  }

  async #makeRoom(): Promise<void> {
    await this.#onItsWay;
    this.#throwFailure();
    this.#send();
  }

  /** Starts on what waits, unless a chunk is on its way: then the end of that one does. */
  #send(): void {
    if (this.#onItsWay || this.#failure || this.#waiting.length === 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const chunk: LogChunk = { firstLine: this.#nextLine, lines: this.#waiting };
    this.#nextLine += chunk.lines.length;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#onItsWay = this.#deliver(chunk);
  }

  async #deliver(chunk: LogChunk): Promise<void> {
    try {
      await this.#publish(chunk);
    } catch (error) {
      this.#failure = { error };
    }
    this.#onItsWay = undefined;
    this.#send();
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
