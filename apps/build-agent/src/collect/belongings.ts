import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Nobody can have a registry of this name (RFC 2606), so an image of it was never pulled, only built. */
const IMAGES_OF_AGENTS = 'build.slipway.invalid';
const UUID = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';
const NAME = new RegExp(`^${IMAGES_OF_AGENTS.replaceAll('.', '\\.')}/(${UUID}):(${UUID})\\.[0-9a-f]{8}$`);

/** A local image of a build, told by its name. */
export interface BuiltName {
  readonly owner: string;
  readonly buildId: string;
}

export const builtNameOf = (name: string): BuiltName | undefined => {
  const [, owner, buildId] = NAME.exec(name) ?? [];
  return owner === undefined || buildId === undefined ? undefined : { owner, buildId };
};

/** A name that an attempt has until it is disposed of. */
export interface Held extends Disposable {
  readonly name: string;
}

/**
 * What attempts of an agent make, and which of it is in use: collecting takes away the rest. The names of images carry
 * the agent's owner id, because several agents, also of several systems, may share an engine.
 */
export class Belongings {
  readonly #held = new Set<string>();

  /** @param owner of one `AGENT_STATE_DIR`, over all lives of its agent */
  constructor(readonly owner: string) {}

  /** Of the image that one attempt builds. No two attempts have the same, of one build neither. */
  image(buildId: string): Held {
    return this.#hold(`${IMAGES_OF_AGENTS}/${this.owner}:${buildId}.${randomUUID().slice(0, 8)}`);
  }

  /** Of a directory, before it is made. */
  workspace(): Held {
    return this.#hold(`build-${randomUUID()}`);
  }

  /** Of a container of the engine's classic builder. */
  container(id: string): Held {
    return this.#hold(id);
  }

  isHeld(name: string): boolean {
    return this.#held.has(name);
  }

  #hold(name: string): Held {
    this.#held.add(name);
    return { name, [Symbol.dispose]: () => void this.#held.delete(name) };
  }
}

/** The same in every life of the agent that has this directory. */
export async function belongingsIn(stateDirectory: string): Promise<Belongings> {
  const file = join(stateDirectory, 'owner');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (new RegExp(`^${UUID}$`).test(known)) return new Belongings(known);
  const owner = randomUUID();
  await mkdir(stateDirectory, { recursive: true });
  await writeFile(`${file}.new`, owner);
  await rename(`${file}.new`, file);
  return new Belongings(owner);
}
