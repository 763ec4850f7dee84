/** Transparent to a search: base64 for URLs differs from the other in these two characters alone. */
const SAME_AS: ReadonlyMap<string, string> = new Map([
  ['-', '+'],
  ['_', '/'],
]);
const CANONICAL = Uint8Array.from({ length: 256 }, (_, byte) => {
  const same = SAME_AS.get(String.fromCharCode(byte));
  return same === undefined ? byte : same.charCodeAt(0);
});

/** Fibonacci hashing: 2^32 divided by the golden ratio. */
const SPREAD = 0x9e37_79b1;
const ROOT = 0;

/**
 * Finds many byte patterns in one pass, however they overlap: two steps a byte at most, whatever patterns and text are.
 * Memory: about 40 bytes for each byte of all patterns together, none for the text.
 * Source: Aho and Corasick, Efficient string matching, 1975.
 */
export class PatternAutomaton {
  /** Open addressing: `state * 256 + byte` to the state that follows. 0 is nobody's successor, so it means free. */
  readonly #edges: Uint32Array;
  readonly #targets: Int32Array;
  readonly #shift: number;
  /** Of each state: bytes that led to it; the state of its longest suffix; the longest pattern that ends with it. */
  readonly #depth: Int32Array;
  readonly #fail: Int32Array;
  readonly #longest: Int32Array;
  #states = 1;

  constructor(patterns: readonly Uint8Array[]) {
    const room = patterns.reduce((sum, { length }) => sum + length, 1);
    const bits = Math.max(4, Math.ceil(Math.log2(room * 2)));
    this.#edges = new Uint32Array(2 ** bits);
    this.#targets = new Int32Array(2 ** bits);
    this.#shift = 32 - bits;
    this.#depth = new Int32Array(room);
    this.#fail = new Int32Array(room);
    this.#longest = new Int32Array(room);
    const parents = new Int32Array(room);
    const labels = new Uint8Array(room);
    for (const pattern of patterns) this.#insert(pattern, parents, labels);
    this.#link(parents, labels);
  }

  get isEmpty(): boolean {
    return this.#states === 1;
  }

  /** The state after one more byte. A text begins in state 0. */
  next(state: number, byte: number): number {
    const canonical = CANONICAL[byte]!;
    for (;;) {
      const target = this.#targets[this.#slot(state, canonical)]!;
      if (target !== ROOT || state === ROOT) return target;
      state = this.#fail[state]!;
    }
  }

  /** How many of the last bytes are the longest pattern that ends here; 0: none does. */
  matchedBytes = (state: number): number => this.#longest[state]!;

  /** How many of the last bytes some pattern begins with. */
  begunBytes = (state: number): number => this.#depth[state]!;

  #slot(state: number, byte: number): number {
    const edge = state * 256 + byte;
    const mask = this.#edges.length - 1;
    let slot = Math.imul(edge, SPREAD) >>> this.#shift;
    while (this.#targets[slot] !== ROOT && this.#edges[slot] !== edge) slot = (slot + 1) & mask;
    return slot;
  }

  #insert(pattern: Uint8Array, parents: Int32Array, labels: Uint8Array): void {
    let state = ROOT;
    for (const byte of pattern) {
      const canonical = CANONICAL[byte]!;
      const slot = this.#slot(state, canonical);
      if (this.#targets[slot] === ROOT) {
        const made = this.#states++;
        this.#edges[slot] = state * 256 + canonical;
        this.#targets[slot] = made;
        this.#depth[made] = this.#depth[state]! + 1;
        parents[made] = state;
        labels[made] = canonical;
      }
      state = this.#targets[slot]!;
    }
    this.#longest[state] = pattern.length;
  }

  /** From the shortest on: a state's longest suffix is shorter than itself. */
  #link(parents: Int32Array, labels: Uint8Array): void {
    for (const state of this.#byDepth()) {
      const parent = parents[state]!;
      this.#fail[state] = parent === ROOT ? ROOT : this.next(this.#fail[parent]!, labels[state]!);
      if (this.#longest[state] === 0) this.#longest[state] = this.#longest[this.#fail[state]!]!;
    }
  }

  /** All states but the root. */
  #byDepth(): Int32Array {
    const counts = new Int32Array(this.#depth.reduce((most, depth) => Math.max(most, depth), 0) + 2);
    for (let state = 1; state < this.#states; state++) counts[this.#depth[state]! + 1]! += 1;
    for (let depth = 1; depth < counts.length; depth++) counts[depth]! += counts[depth - 1]!;
    const ordered = new Int32Array(this.#states - 1);
    for (let state = 1; state < this.#states; state++) ordered[counts[this.#depth[state]!]!++] = state;
    return ordered;
  }
}
