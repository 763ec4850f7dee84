/** Wakes one waiter. A ring while nobody waits is kept for the next one, so none is lost between looking and waiting. */
export class Doorbell {
  #rung = Promise.withResolvers<void>();

  ring(): void {
    this.#rung.resolve();
  }

  /** Resolves at the next ring, after `limitMs`, or when the signal is aborted. */
  async wait(limitMs: number, signal: AbortSignal): Promise<void> {
    const given = Promise.withResolvers<void>();
    const giveUp = (): void => given.resolve();
    const timer = setTimeout(giveUp, limitMs);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    await Promise.race([this.#rung.promise, given.promise]);
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
    this.#rung = Promise.withResolvers(); // whoever waited looks now, and sees what any ring up to here was about
  }
}
