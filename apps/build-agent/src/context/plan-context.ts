import { lstatSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { BuildFailure } from '../builder/build-failure.js';
import { type BuildSources, nameInContext } from './build-sources.js';
import { IgnoreRules } from './ignore-rules.js';
import type { TarMember } from './tar-header.js';

export interface ContextLimits {
  /** Bytes of all files together. */
  readonly maxBytes: number;
  /** Files, directories and symlinks. */
  readonly maxFiles: number;
}

export interface ContextMember extends TarMember {
  /** Absolute path of a file's content, or the content itself. */
  readonly content?: string | Buffer;
}

/** What will be sent, before a byte of it is. */
export interface ContextPlan {
  readonly members: readonly ContextMember[];
  readonly bytes: number;
  /** Where the engine finds the Dockerfile in the context. */
  readonly dockerfileName: string;
  /** Paths that cannot be sent (devices, sockets, names that are not UTF-8) and why. */
  readonly skipped: readonly string[];
}

/** For a Dockerfile that lies outside of the context or may not be sent as it is. */
const RESERVED_NAME = '.slipway.Dockerfile';
/** Others get their turn about every few milliseconds. */
const VISITS_A_TURN = 500;
/** More are counted, not named. */
const MAX_SKIPPED_NAMED = 20;

/**
 * Walks the context once, following no symlink, and counts before anything is sent, so that a context over its limits
 * is refused with its true size. The repository's own `.git` is never part of a context: its index changes with every
 * checkout, which would defeat the cache of `COPY . .`, and its configuration may name a credential.
 * @param dockerfileText what to build from when it differs from the file's own text
 * @throws BuildFailure CONTEXT_TOO_LARGE
 */
export async function planContext(
  sources: BuildSources,
  dockerfileText: string,
  limits: ContextLimits,
  signal: AbortSignal,
): Promise<ContextPlan> {
  const ownName = dockerfileText === sources.dockerfileText ? nameInContext(sources) : undefined;
  const walk = new ContextWalk(sources, ownName, limits, signal);
  await walk.folder('');
  const dockerfileName = ownName ?? walk.freeName(RESERVED_NAME);
  if (ownName === undefined) walk.addText(dockerfileName, dockerfileText);
  walk.refuseTooLarge();
  return { members: walk.members, bytes: walk.bytes, dockerfileName, skipped: walk.skippedNames() };
}

class ContextWalk {
  readonly members: ContextMember[] = [];
  bytes = 0;
  #files = 0;
  #visited = 0;
  #skippedCount = 0;
  readonly #skipped: string[] = [];
  readonly #rules: IgnoreRules;
  readonly #gitFolder: string;

  constructor(
    readonly sources: BuildSources,
    readonly dockerfileName: string | undefined,
    readonly limits: ContextLimits,
    readonly signal: AbortSignal,
  ) {
    this.#rules = IgnoreRules.parse(sources.ignoreText);
    this.#gitFolder = join(sources.repository, '.git');
  }

  async folder(path: string): Promise<void> {
    const names = await readdir(join(this.sources.context, path), { encoding: 'buffer' });
    const sorted = names.sort((one, other) => Buffer.compare(one, other));
    for (const bytes of sorted) {
      this.signal.throwIfAborted();
      const name = bytes.toString('utf8');
      const below = path === '' ? name : `${path}/${name}`;
      if (Buffer.from(name).equals(bytes)) await this.#visit(below);
      else this.#skip(below, 'its name is not UTF-8');
    }
  }

  async #visit(path: string): Promise<void> {
    const source = join(this.sources.context, path);
    if (source === this.#gitFolder) return;
    const isKept = path === this.dockerfileName || !this.#rules.excludes(path);
    if (++this.#visited % VISITS_A_TURN === 0) await turn();
    const stats = lstatSync(source); // git has just written it: asking another thread costs twenty times as much
    if (stats.isDirectory()) return this.#visitFolder(path, isKept);
    if (!isKept) return;
    if (stats.isSymbolicLink()) {
      this.#add({ name: path, type: 'symlink', mode: 0o777, size: 0, linkTarget: await readlink(source) });
    } else if (stats.isFile()) {
      const mode = stats.mode & 0o100 ? 0o755 : 0o644;
      this.#add({ name: path, type: 'file', mode, size: stats.size, content: source });
    } else this.#skip(path, 'it is neither file, folder nor symlink');
  }

  /** An excluded folder is sent too when something in it is kept. */
  async #visitFolder(path: string, isKept: boolean): Promise<void> {
    if (!isKept && !this.#rules.mayKeepBelow(path) && !this.dockerfileName?.startsWith(`${path}/`)) return;
    const before = this.#files;
    this.#add({ name: path, type: 'directory', mode: 0o755, size: 0 });
    await this.folder(path);
    if (isKept || this.#files > before + 1) return;
    this.#files = before;
    if (this.members.at(-1)?.name === path) this.members.pop();
  }

  addText(name: string, text: string): void {
    const content = Buffer.from(text);
    this.#add({ name, type: 'file', mode: 0o644, size: content.length, content });
  }

  /** Counts all, but keeps no more members in memory than may be sent. */
  #add(member: ContextMember): void {
    this.#files += 1;
    this.bytes += member.size;
    if (this.#files <= this.limits.maxFiles) this.members.push(member);
  }

  #skip(path: string, why: string): void {
    this.#skippedCount += 1;
    if (this.#skipped.length < MAX_SKIPPED_NAMED) this.#skipped.push(`${JSON.stringify(path)}: ${why}`);
  }

  skippedNames(): readonly string[] {
    const more = this.#skippedCount - this.#skipped.length;
    return more === 0 ? this.#skipped : [...this.#skipped, `and ${more} more`];
  }

  freeName(wished: string): string {
    const taken = new Set(this.members.map(({ name }) => name));
    let name = wished;
    while (taken.has(name)) name += '_';
    return name;
  }

  refuseTooLarge(): void {
    const { maxBytes, maxFiles } = this.limits;
    if (this.bytes <= maxBytes && this.#files <= maxFiles) return;
    throw new BuildFailure(
      'CONTEXT_TOO_LARGE',
      `The build context has ${this.bytes} bytes in ${this.#files} files; at most ${maxBytes} bytes and ${maxFiles} files are allowed. A .dockerignore file can leave some out.`,
    );
  }
}
