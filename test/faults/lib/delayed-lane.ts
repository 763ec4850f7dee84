/** Gives on what is put into it, each thing late by its own time but none before an earlier one. */
export class DelayedLane<T> {
  readonly #waiting: { readonly thing: T; readonly dueAt: number }[] = [];

  constructor(private readonly give: (thing: T) => void) {}

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  put(thing: T, lateMs: number): void {
    const dueAt = Math.max(performance.now() + lateMs, this.#waiting.at(-1)?.dueAt ?? 0);
    this.#waiting.push({ thing, dueAt });
    if (this.#waiting.length === 1) this.#waitForFirst();
  }

  #waitForFirst(): void {
    const [first] = this.#waiting;
    if (first) setTimeout(() => this.#giveDue(), Math.max(0, first.dueAt - performance.now()));
  }

  #giveDue(): void {
    for (let [first] = this.#waiting; first && first.dueAt <= performance.now(); [first] = this.#waiting) {
      this.give(first.thing);
      this.#waiting.shift(); // not before: giving may put something
    }
    this.#waitForFirst();
  }
}
