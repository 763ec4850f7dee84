/** One message of the NATS client protocol, in either direction. Source: https://docs.nats.io/reference/nats-protocol */
export interface Frame {
  /** Words of the control line: `MSG`, subject, sid, … */
  readonly words: readonly string[];
  /** Headers and body of what carries any. */
  readonly payload: Buffer | undefined;
}

const CARRIERS: ReadonlySet<string> = new Set(['MSG', 'HMSG', 'PUB', 'HPUB']);
const LINE_END = Buffer.from('\r\n');

/** Takes the bytes of one direction as they come. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Whole frames; what has begun stays for the next piece. */
  read(piece: Buffer): readonly Frame[] {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    const end = this.#rest.indexOf(LINE_END);
    if (end < 0) return undefined;
    const line = this.#rest.toString('latin1', 0, end);
    const words = line.split(' ').filter((word) => word !== '');
    const start = end + LINE_END.length;
    if (!CARRIERS.has(words[0] ?? '')) return this.#take(start, { words: [line], payload: undefined });
    const size = Number(words.at(-1));
    if (this.#rest.length < start + size + LINE_END.length) return undefined;
    const payload = Buffer.from(this.#rest.subarray(start, start + size));
    return this.#take(start + size + LINE_END.length, { words, payload });
  }

  #take(bytes: number, frame: Frame): Frame {
    this.#rest = this.#rest.subarray(bytes);
    return frame;
  }
}

export const frameBytes = ({ words, payload }: Frame): Buffer =>
  Buffer.concat([Buffer.from(words.join(' '), 'latin1'), LINE_END, ...(payload ? [payload, LINE_END] : [])]);

/** `MSG subject sid [reply] size`, `HMSG subject sid [reply] header-size size`, as a server sends them. */
export interface Delivery {
  readonly subject: string;
  readonly sid: string;
  readonly reply: string | undefined;
}

export function deliveryOf({ words }: Frame): Delivery | undefined {
  const [verb, subject = '', sid = '', ...rest] = words;
  if (verb !== 'MSG' && verb !== 'HMSG') return undefined;
  return { subject, sid, reply: rest.length === (verb === 'MSG' ? 2 : 3) ? rest[0] : undefined };
}

/** The subject of `PUB subject [reply] size`, `HPUB subject [reply] header-size size`, as a client sends them. */
export const publishedTo = ({ words: [verb, subject] }: Frame): string | undefined =>
  verb === 'PUB' || verb === 'HPUB' ? subject : undefined;

/** The same publication with another body and no headers. */
export function withBody({ words: [, subject = '', ...rest] }: Frame, body: string): Frame {
  const payload = Buffer.from(body);
  const reply = rest.length > 1 ? rest.slice(0, 1) : [];
  return { words: ['PUB', subject, ...reply, String(payload.length)], payload };
}
