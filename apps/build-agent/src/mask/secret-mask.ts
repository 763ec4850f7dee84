import { MIN_MASKED_BYTES, spellingsOf } from './spellings.js';
import { PatternAutomaton } from './pattern-automaton.js';

/** Takes secrets out of the lines of one stream, in their order: what began in one line may end in the next. */
export type Masker = (line: string) => string;

const MASK = '***';
const ESCAPE = 0x1b;
const END_OF_COLOUR = 0x6d; // m
/** What a line splitter puts before the pieces of a long line. */
const PIECE = /^\[part \d+(?:, last)?\] /;

type Interval = readonly [start: number, end: number];

/**
 * Everything that must not leave an agent in clear, in every spelling of it. A secret that is cut by line ends (base64 is,
 * after 76 characters) is found all the same: the search goes on over them. What a line ends with and a secret begins
 * with is masked at once, from 6 bytes on, so no line waits for the next one.
 */
export class SecretMask {
  readonly #spellings = new Set<string>();
  #automaton = new PatternAutomaton([]);

  /** Safe to repeat. Streams that are open look for these, too, from their next line on. */
  add(secrets: Iterable<string>): void {
    for (const secret of secrets) for (const spelling of spellingsOf(secret)) this.#spellings.add(spelling);
    this.#automaton = new PatternAutomaton([...this.#spellings].map((spelling) => Buffer.from(spelling)));
  }

  /** For one stream of lines. */
  stream(): Masker {
    let automaton = this.#automaton;
    let state = 0;
    return (line) => {
      if (automaton !== this.#automaton) state = 0;
      automaton = this.#automaton;
      if (automaton.isEmpty) return line;
      const bytes = Buffer.from(line);
      const search = new LineSearch(automaton, bytes);
      state = search.run(state, PIECE.exec(line)?.[0].length ?? 0);
      return search.found.length === 0 ? line : without(bytes, search.found);
    };
  }

  /** A text by itself, of one line or several. */
  text(text: string): string {
    const mask = this.stream();
    return text.split('\n').map(mask).join('\n');
  }
}

/** Where in one line secrets are. */
class LineSearch {
  readonly found: Interval[] = [];
  /** Of each byte that counts, its place in the line: colours are looked through. */
  readonly #places: Int32Array;
  #counted = 0;

  constructor(
    readonly automaton: PatternAutomaton,
    readonly bytes: Buffer,
  ) {
    this.#places = new Int32Array(bytes.length);
  }

  /** @returns the state at the end of the line */
  run(state: number, from: number): number {
    const { automaton, bytes } = this;
    for (let place = from; place < bytes.length; place++) {
      const byte = bytes[place]!;
      if (byte === ESCAPE) {
        const end = bytes.indexOf(END_OF_COLOUR, place);
        if (end !== -1) place = end;
        continue;
      }
      this.#places[this.#counted++] = place;
      state = automaton.next(state, byte);
      const matched = automaton.matchedBytes(state);
      if (matched > 0) this.#take(matched);
    }
    const begun = automaton.begunBytes(state);
    if (begun >= MIN_MASKED_BYTES) this.#take(begun);
    return state;
  }

  /** The last bytes that counted; what of them was in earlier lines is out already. */
  #take(count: number): void {
    if (this.#counted === 0) return;
    let start = this.#places[Math.max(0, this.#counted - count)]!;
    for (let last = this.found.at(-1); last && last[1] >= start; last = this.found.at(-1)) {
      start = Math.min(start, last[0]);
      this.found.pop();
    }
    this.found.push([start, this.#places[this.#counted - 1]! + 1]);
  }
}

function without(bytes: Buffer, found: readonly Interval[]): string {
  let kept = '';
  let from = 0;
  for (const [start, end] of found) {
    kept += bytes.toString('utf8', from, start) + MASK;
    from = end;
  }
  return kept + bytes.toString('utf8', from);
}
