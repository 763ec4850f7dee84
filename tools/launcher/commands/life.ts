import { type Death, describeDeath } from '../process/death.js';
import { say } from '../progress.js';

interface Mortal {
  readonly onDeath: (listener: (death: Death) => void) => void;
}

/** Waits until it is asked to stop (0) or something that has to run has ended (1, and says what and why). */
export function deathOrStop(system: Mortal, signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    system.onDeath((death) => {
      say(describeDeath(death));
      resolve(1);
    });
    if (signal.aborted) resolve(0);
    signal.addEventListener('abort', () => resolve(0), { once: true });
  });
}
