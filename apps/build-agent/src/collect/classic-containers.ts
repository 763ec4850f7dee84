import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Belongings, Held } from './belongings.js';

/**
 * The classic builder's containers have random names and no label, so which are ours is kept on the agent's disk: one file
 * each, until its build has ended. An engine that is killed in a build leaves them behind.
 */
export class ClassicContainers {
  constructor(
    private readonly directory: string,
    private readonly belongings: Belongings,
  ) {}

  /** Those of one build. */
  ofBuild(): ContainersOfBuild {
    return new ContainersOfBuild(this);
  }

  async note(id: string): Promise<Held> {
    const held = this.belongings.container(id);
    await mkdir(this.directory, { recursive: true });
    await writeFile(join(this.directory, id), '');
    return held;
  }

  async forget(id: string): Promise<void> {
    await rm(join(this.directory, id), { force: true });
  }

  /** Of builds that are over, in this life or in an earlier one. */
  async left(): Promise<readonly string[]> {
    const noted = await readdir(this.directory).catch(() => []);
    return noted.filter((id) => !this.belongings.isHeld(id));
  }
}

export class ContainersOfBuild {
  readonly #noted = new Map<string, Held>();

  constructor(private readonly containers: ClassicContainers) {}

  async runs(id: string | undefined): Promise<void> {
    if (id === undefined || this.#noted.has(id)) return;
    this.#noted.set(id, await this.containers.note(id));
  }

  /** @param isGone the engine has removed them; else they are for the next collection */
  async end(isGone: boolean): Promise<void> {
    for (const [id, held] of this.#noted) {
      if (isGone) await this.containers.forget(id);
      held[Symbol.dispose]();
    }
  }
}
