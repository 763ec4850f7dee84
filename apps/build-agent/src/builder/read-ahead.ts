import { Transform, type TransformCallback } from 'node:stream';

/** In slow mode this many chunks pass, then there is a rest: at most 10,000 chunks a second. */
const CHUNKS_PER_REST = 50;
const REST_MS = 5;

/** Takes from its source at once what its reader will want later, up to a limit; behind that the source has to wait. */
export class ReadAhead extends Transform {
  #isSlow = false;
  #chunks = 0;

  /** @param bytes kept at most */
  constructor(bytes: number) {
    super({ readableHighWaterMark: bytes });
  }

  /** For a source that repeats itself for ever: the engine waits instead of spinning. */
  slowDown(): void {
    this.#isSlow = true;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#isSlow && ++this.#chunks % CHUNKS_PER_REST === 0) setTimeout(done, REST_MS, undefined, chunk);
    else done(null, chunk);
  }
}
