/** Waits for something that may be busy or away: each is twice as long as the one before, from `first` up to `most`, ms. */
export class Doubling {
  readonly #first: number;
  readonly #most: number;
  #ms: number;

  constructor({ first, most }: { readonly first: number; readonly most: number }) {
    this.#first = first;
    this.#most = most;
    this.#ms = first;
  }

  /** What `next` will answer. */
  get ms(): number {
    return this.#ms;
  }

  next(): number {
    const ms = this.#ms;
    this.#ms = Math.min(2 * ms, this.#most);
    return ms;
  }

  /** It went well: begins anew. */
  reset(): void {
    this.#ms = this.#first;
  }
}
