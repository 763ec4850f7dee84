import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitEnvironment, maskLogin, runGit, type PinnedRemote } from '@slipway/git';
import type { SourceContext } from '../source.js';

/** Lines of git that a failure shows. */
const LAST_LINES = 20;
const LAST_LINE_CHARS = 1_000;

export interface GitAnswer {
  readonly code: number;
  /** Standard output. */
  readonly output: readonly string[];
  /** The end of standard error. */
  readonly messages: readonly string[];
}

export interface GitWorkspaceOptions {
  readonly context: SourceContext;
  readonly remote: PinnedRemote;
  readonly environment: NodeJS.ProcessEnv;
  readonly stallMs: number;
  /** Variables of an ssh session. */
  readonly ssh?: NodeJS.ProcessEnv | undefined;
}

/** One repository on disk and the git that works on it. Commands run one after another. */
export class GitWorkspace {
  readonly directory: string;
  readonly #home: string;
  readonly #context: SourceContext;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #mask: (text: string) => string;
  #lastLines: readonly string[] = [];

  constructor({ context, remote, environment, stallMs, ssh }: GitWorkspaceOptions) {
    this.#context = context;
    this.directory = join(context.workspace, 'source');
    this.#home = join(context.workspace, 'home');
    const place = { home: this.#home, directory: this.directory };
    this.#environment = gitEnvironment(place, remote, { environment, stallMs, ssh });
    this.#mask = maskLogin(remote);
  }

  /** What git said last in the log. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /** Fails when the directories are there already. */
  async prepare(): Promise<void> {
    await mkdir(this.#home, { mode: 0o700 });
    await mkdir(this.directory);
  }

  /**
   * What `git init` writes of use here, without a process: they are what a small build waits for.
   * Source: gitrepository-layout(5).
   */
  async initialize(format: 'sha1' | 'sha256'): Promise<void> {
    const git = join(this.directory, '.git');
    const config =
      format === 'sha1'
        ? '[core]\n\trepositoryformatversion = 0\n'
        : '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n';
    await mkdir(join(git, 'objects/pack'), { recursive: true });
    await mkdir(join(git, 'refs'));
    await Promise.all([writeFile(join(git, 'HEAD'), 'ref: refs/heads/main\n'), writeFile(join(git, 'config'), config)]);
  }

  /** The object id that a ref fetched into this repository names. */
  async readRef(name: string): Promise<string> {
    return (await readFile(join(this.directory, '.git', name), 'utf8')).trim();
  }

  /** Takes the repository away, so that another can be made in its place. */
  async discard(): Promise<void> {
    await rm(join(this.directory, '.git'), { recursive: true, force: true });
  }

  /** A line of the log that is this agent's own. */
  async say(line: string): Promise<void> {
    await this.#context.onLine(this.#mask(line));
  }

  /** Runs git; what it says goes to the log. Every value of a user in `args` stands behind `--end-of-options` or in a refspec. */
  run(...args: readonly string[]): Promise<GitAnswer> {
    return this.#run(args, { toLog: true });
  }

  /** Runs git without a word to the log. `onOutput` takes its lines one by one instead of collecting them. */
  query(args: readonly string[], onOutput?: (line: string) => void): Promise<GitAnswer> {
    return this.#run(args, { toLog: false, ...(onOutput && { onOutput }) });
  }

  /** Bytes of what has been fetched, complete or not. */
  async fetchedBytes(): Promise<number> {
    const packs = join(this.directory, '.git/objects/pack');
    const names = await readdir(packs).catch(() => []);
    const sizes = names.map((name) =>
      stat(join(packs, name))
        .then(({ size }) => size)
        .catch(() => 0),
    ); // files come and go
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  async #run(
    args: readonly string[],
    { toLog, onOutput }: { readonly toLog: boolean; readonly onOutput?: (line: string) => void },
  ): Promise<GitAnswer> {
    const output: string[] = [];
    let messages: readonly string[] = [];
    const code = await runGit(args, {
      directory: this.directory,
      environment: this.#environment,
      signal: this.#context.signal,
      onOutput: onOutput ?? ((line) => void output.push(line)),
      onMessage: async (raw) => {
        const line = this.#mask(raw).trimEnd(); // git pads what a server says
        messages = [...messages, line.slice(0, LAST_LINE_CHARS)].slice(-LAST_LINES);
        if (!toLog) return;
        this.#lastLines = messages;
        await this.#context.onLine(line);
      },
    });
    return { code, output, messages };
  }
}
