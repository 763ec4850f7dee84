import type { PauseReason } from '@slipway/contracts';

/** Whether an agent takes jobs: it does while nothing speaks against it. */
export class JobGate {
  readonly #reasons = new Set<PauseReason>();
  readonly #opened: (() => void)[] = [];

  /** `onChange` is told after each change. */
  constructor(private readonly onChange: () => void = () => {}) {}

  get isOpen(): boolean {
    return this.#reasons.size === 0;
  }

  /** Empty while it is open. */
  get reasons(): readonly PauseReason[] {
    return [...this.#reasons];
  }

  /** Safe to say again. */
  set(reason: PauseReason, isClosed: boolean): void {
    if (this.#reasons.has(reason) === isClosed) return;
    if (isClosed) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
    if (this.isOpen) for (const opened of this.#opened.splice(0)) opened();
    this.onChange();
  }

  /** Resolves while it is open, or once `signal` is aborted. */
  opens(signal: AbortSignal): Promise<void> {
    if (this.isOpen || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#opened.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
