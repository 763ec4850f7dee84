import { replaceUnprintable, stripTerminalControl } from './terminal-text.js';

/** Bytes of a message, as UTF-8. A line that is longer becomes numbered pieces. */
export const MAX_MESSAGE_BYTES = 65_536;
/** Leaves room for `[part 9999999, last] `. */
const PIECE_BYTES = MAX_MESSAGE_BYTES - 32;

const NOTHING = Buffer.alloc(0);
const scratch = new Uint8Array(PIECE_BYTES);
const encoder = new TextEncoder();

/**
 * Bytes of one output stream, cut anywhere, to lines without their ends. The same bytes give the same lines, however cut.
 * One splitter a stream: the parts of two streams must not meet in one line. Memory: the unfinished line, at most
 * two pieces of it.
 *
 * - A line ends at `\n` or `\r\n`. What the stream ends with, without an end, is a line too.
 * - A lone `\r` is a terminal's way to write a line again: of the states of a line only the last one with text in it is kept.
 * - A line of more than 64 KiB becomes `[part 1] …`, `[part 2] …`, `[part 3, last] …`, nothing lost. Its pieces come as they
 *   fill; a lone `\r` then rewrites the unfinished piece only.
 * - What is not UTF-8 becomes U+FFFD, and so does any control character but tab and those of terminals.
 * - Colour (SGR escapes) stays; all other terminal control is taken out.
 */
export class LineSplitter {
  /** Incomplete UTF-8 character at the end of the last chunk. */
  #bytes: Buffer = NOTHING;
  /** Text since the last line end or lone `\r`. */
  #state = '';
  #stateBytes = 0;
  /** The last state with text in it that a `\r` ended. */
  #superseded = '';
  /** Pieces of this line that are out already. */
  #pieces = 0;
  #lines: string[] = [];

  push(chunk: Uint8Array): readonly string[] {
    const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const bytes = this.#bytes.length === 0 ? view : Buffer.concat([this.#bytes, view]);
    const complete = bytes.length - incompleteTail(bytes);
    this.#bytes = complete === bytes.length ? NOTHING : Buffer.from(bytes.subarray(complete)); // a copy: the chunk is the caller's
    this.#feed(replaceUnprintable(bytes.toString('utf8', 0, complete)));
    return this.#take();
  }

  /** The stream is over. The splitter is as new afterwards. */
  end(): readonly string[] {
    this.#feed(replaceUnprintable(this.#bytes.toString('utf8')));
    this.#bytes = NOTHING;
    if (this.#pieces > 0 || this.#state !== '' || this.#superseded !== '') this.#endLine();
    return this.#take();
  }

  #take(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #feed(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#extend(text.slice(start, end));
      this.#endLine();
      start = end + 1;
    }
    this.#extend(text.slice(start));
  }

  /** More of the current line; holds no `\n`. */
  #extend(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\r'); end >= 0; end = text.indexOf('\r', start)) {
      this.#append(text.slice(start, end));
      if (this.#state !== '') this.#superseded = this.#state;
      this.#setState('', 0);
      start = end + 1;
    }
    this.#append(start === 0 ? text : text.slice(start));
  }

  #append(text: string): void {
    if (text === '') return;
    this.#setState(this.#state === '' ? text : this.#state + text, this.#stateBytes + Buffer.byteLength(text));
    while (this.#stateBytes > PIECE_BYTES) {
      const { read, written } = encoder.encodeInto(this.#state, scratch); // stops before a character that does not fit
      this.#pieces += 1;
      this.#lines.push(`[part ${this.#pieces}] ${stripTerminalControl(this.#state.slice(0, read))}`);
      this.#setState(this.#state.slice(read), this.#stateBytes - written);
    }
  }

  #setState(state: string, bytes: number): void {
    this.#state = state;
    this.#stateBytes = bytes;
  }

  #endLine(): void {
    const text = stripTerminalControl(this.#state === '' ? this.#superseded : this.#state);
    this.#lines.push(this.#pieces === 0 ? text : `[part ${this.#pieces + 1}, last] ${text}`);
    this.#setState('', 0);
    this.#superseded = '';
    this.#pieces = 0;
  }
}

/** Bytes at the end that may become a character when more arrive: 0 to 3. */
function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < lengthOfCharacter(byte) ? back : 0;
  }
  return 0;
}

const lengthOfCharacter = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);
