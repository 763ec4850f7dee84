import type { LogLevel, LogLine } from '@slipway/contracts';
import { LineSplitter } from '@slipway/platform';
import { LogBuffer, type PublishChunk } from './log-buffer.js';
import { LogLimiter, type LogLimits } from './log-limiter.js';

/** Takes secrets out of lines before they leave the agent: one for each stream, in the order of its lines. */
export interface Mask {
  stream(): (line: string) => string;
}

export interface AttemptLogOptions {
  readonly publish: PublishChunk;
  readonly limits?: LogLimits;
  /** Default: none. */
  readonly mask?: Mask;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** One output stream of one step. Its parts of a line never mix with those of another stream. */
export interface LogStream {
  /** Bytes cut anywhere. The promise holds the producer back while too much waits. */
  write(bytes: Uint8Array): Promise<void>;
  /** What was left without a line end becomes a line. Safe to call twice. */
  end(): Promise<void>;
}

const NO_MASK: Mask = { stream: () => (line) => line };

/**
 * The log of one attempt: raw bytes and finished lines in, chunks of numbered lines out, in the order of arrival.
 * Split, then masked, then limited, then gathered. Every method throws what the publisher threw.
 */
export class AttemptLog {
  readonly #buffer: LogBuffer;
  readonly #limiter: LogLimiter;
  readonly #mask: Mask;
  readonly #now: () => number;
  readonly #open = new Set<LogStream>();
  #closed = false;

  constructor({ publish, limits, mask = NO_MASK, now = Date.now }: AttemptLogOptions) {
    this.#buffer = new LogBuffer(publish);
    this.#limiter = new LogLimiter(limits);
    this.#mask = mask;
    this.#now = now;
  }

  /** A line of the agent's own. Line ends in it make several lines. */
  line(message: string, level: LogLevel = 'INFO'): Promise<void> {
    const splitter = new LineSplitter();
    const lines = [...splitter.push(Buffer.from(message)), ...splitter.end()];
    return this.#write((lines.length === 0 ? [''] : lines).map(this.#mask.stream()), level);
  }

  /** @param onLine told of every line as it leaves, before it does */
  stream(level: LogLevel = 'INFO', onLine: (line: string) => void = () => {}): LogStream {
    const splitter = new LineSplitter();
    const mask = this.#mask.stream();
    const write = (lines: readonly string[]): Promise<void> => {
      const masked = lines.map(mask);
      masked.forEach(onLine);
      return this.#write(masked, level);
    };
    const stream: LogStream = {
      write: (bytes) => write(splitter.push(bytes)),
      end: () => {
        this.#open.delete(stream);
        return write(splitter.end());
      },
    };
    this.#open.add(stream);
    return stream;
  }

  /** Ends the streams that are still open and waits until everything is published. Answers the number of lines. Call once. */
  async close(): Promise<number> {
    for (const stream of this.#open) await stream.end();
    this.#closed = true;
    await this.#buffer.write(this.#limiter.end());
    await this.#buffer.flush();
    return this.#buffer.sentLines;
  }

  #write(messages: readonly string[], level: LogLevel): Promise<void> {
    if (messages.length === 0) return Promise.resolve();
    if (this.#closed) return Promise.reject(new Error('the log is closed'));
    const time = this.#now();
    const lines: LogLine[] = [];
    for (const message of messages) lines.push(...this.#limiter.accept({ time, level, message }));
    return this.#buffer.write(lines);
  }
}
