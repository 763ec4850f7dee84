import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';

/** The server's side of a Read call. It takes encoded messages; see `server.ts`. */
export type ReadCall = ServerWritableStream<ReadReq, Buffer>;

/** Writes to a reader at the reader's pace, and knows when it has gone. */
export class ResponseStream {
  readonly #closeListeners: (() => void)[] = [];
  #isClosed = false;
  #release: (() => void) | undefined;

  constructor(private readonly call: ReadCall) {
    for (const event of ['cancelled', 'close', 'error']) call.on(event, () => this.#close());
    call.on('drain', () => this.#releaseWriter());
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** A promise when the reader is behind: await it before the next write. It also resolves when the reader has gone. */
  write(message: Buffer): Promise<void> | undefined {
    if (this.#isClosed || this.call.write(message)) return undefined;
    return new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  /** `listener` runs once, when the call is over, for whatever reason. */
  onClose(listener: () => void): void {
    if (this.#isClosed) listener();
    else this.#closeListeners.push(listener);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#releaseWriter();
    for (const listener of this.#closeListeners.splice(0)) listener();
  }

  #releaseWriter(): void {
    const release = this.#release;
    this.#release = undefined;
    release?.();
  }
}
