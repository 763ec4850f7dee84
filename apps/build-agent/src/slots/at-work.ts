/** The builds an agent is at. */
export class AtWork {
  readonly #builds = new Set<string>();

  /** `onChange` is told after each change. */
  constructor(private readonly onChange: () => void) {}

  get builds(): readonly string[] {
    return [...this.#builds];
  }

  /** Until what it answers is disposed of. */
  begin(buildId: string): Disposable {
    this.#builds.add(buildId);
    this.onChange();
    return {
      [Symbol.dispose]: () => {
        this.#builds.delete(buildId);
        this.onChange();
      },
    };
  }
}
