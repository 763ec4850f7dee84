/** One namespace that has something waiting. */
export interface Sharer {
  readonly namespace: string;
  /** How many of its builds have an agent, or are about to get one. */
  readonly atWork: number;
  /** Grows: of two with the same number the lower has its turn first. */
  readonly since: number;
}

/**
 * Whose turn it is: the namespace that has the least at work, and of several the one that has waited longest for its
 * turn. So slots are shared evenly, however much each has waiting. A step costs the same for any number of namespaces.
 */
export class FairShare {
  readonly #sharers = new Map<string, Sharer>();
  /** By what they have at work, in the order in which they came to have it. */
  readonly #levels = new Map<number, Set<string>>();
  #lowest = 0;
  #changes = 0;

  get first(): string | undefined {
    if (this.#sharers.size === 0) return undefined;
    while (!this.#levels.has(this.#lowest)) this.#lowest++; // at most as far as it came down before
    const [namespace] = this.#levels.get(this.#lowest) ?? [];
    return namespace;
  }

  get(namespace: string): Sharer | undefined {
    return this.#sharers.get(namespace);
  }

  all(): Iterable<Sharer> {
    return this.#sharers.values();
  }

  /** Whoever is said to have as much as before keeps its turn. */
  put(namespace: string, atWork: number): void {
    if (this.#sharers.get(namespace)?.atWork === atWork) return;
    this.remove(namespace);
    this.#sharers.set(namespace, { namespace, atWork, since: this.#changes++ });
    const level = this.#levels.get(atWork) ?? new Set<string>();
    this.#levels.set(atWork, level.add(namespace));
    this.#lowest = this.#sharers.size === 1 ? atWork : Math.min(this.#lowest, atWork);
  }

  /** It has nothing waiting any more, or may have no more at work. */
  remove(namespace: string): void {
    const sharer = this.#sharers.get(namespace);
    if (!sharer) return;
    this.#sharers.delete(namespace);
    const level = this.#levels.get(sharer.atWork);
    level?.delete(namespace);
    if (level?.size === 0) this.#levels.delete(sharer.atWork);
  }
}
