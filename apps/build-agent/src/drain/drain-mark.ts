import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** On the agent's disk while somebody has taken it out of service: it survives the agent. */
export class DrainMark {
  readonly #path: string;

  constructor(private readonly directory: string) {
    this.#path = join(directory, 'draining');
  }

  isSet(): Promise<boolean> {
    return access(this.#path).then(
      () => true,
      () => false,
    );
  }

  /** Safe to repeat. */
  async set(isDraining: boolean): Promise<void> {
    if (!isDraining) return rm(this.#path, { force: true });
    await mkdir(this.directory, { recursive: true });
    await writeFile(this.#path, '', { flush: true });
  }
}
