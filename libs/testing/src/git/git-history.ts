import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Content, or what a plain file cannot say. `submodule`: the 40 hex digits of a commit of another repository. */
export type GitFile =
  | string
  | Uint8Array
  | { readonly executable: string }
  | { readonly symlink: string }
  | { readonly submodule: string };

/** By path from the root. */
export type GitFiles = Readonly<Record<string, GitFile>>;

export interface GitHistory {
  /** What each commit adds to the one before it; the first makes the repository. */
  readonly commits: readonly GitFiles[];
  /** Points to the last commit. */
  readonly branch: string;
  /** Each points to a commit by its place in `commits`. */
  readonly branches: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, number>>;
  readonly annotatedTags: Readonly<Record<string, number>>;
}

/** Fixed, so that the same files make the same commit ids. */
const WHO = 'Slipway <slipway@localhost> 1441181862 +0000';

/**
 * Writes a history into a bare repository by one `git fast-import`, without a working tree.
 * Answers the commit ids, oldest first.
 */
export async function writeHistory(directory: string, history: GitHistory): Promise<readonly string[]> {
  const git = spawn('git', ['fast-import', '--quiet', '--done'], { cwd: directory, stdio: ['pipe', 'pipe', 'pipe'] });
  git.stdin.on('error', () => {}); // the exit code tells
  git.stdin.end(Buffer.concat([...script(history)].map((part) => Buffer.from(part))));
  const [output, errors, [exitCode]] = await Promise.all([
    text(git.stdout),
    text(git.stderr),
    once(git, 'close') as Promise<[number | null]>,
  ]);
  if (exitCode !== 0) throw new Error(`git fast-import failed: ${errors}`);
  return output.trim().split('\n');
}

/** Source: git-fast-import(1). Commit n has mark n + 1. */
function* script({ commits, branch, branches, tags, annotatedTags }: GitHistory): Generator<string | Uint8Array> {
  for (const [index, files] of commits.entries()) {
    yield `commit refs/heads/${branch}\nmark :${index + 1}\ncommitter ${WHO}\n`;
    yield* blob(`commit ${index + 1}\n`);
    for (const [path, file] of Object.entries(files)) yield* change(path, file);
  }
  for (const [name, index] of Object.entries(branches)) yield `reset refs/heads/${name}\nfrom :${index + 1}\n\n`;
  for (const [name, index] of Object.entries(tags)) yield `reset refs/tags/${name}\nfrom :${index + 1}\n\n`;
  for (const [name, index] of Object.entries(annotatedTags)) {
    yield `tag ${name}\nfrom :${index + 1}\ntagger ${WHO}\n`;
    yield* blob(`tag ${name}\n`);
  }
  for (const index of commits.keys()) yield `get-mark :${index + 1}\n`;
  yield 'done\n';
}

function* change(path: string, file: GitFile): Generator<string | Uint8Array> {
  const name = JSON.stringify(path); // C-style quotes, as far as test paths need them
  if (typeof file === 'object' && 'submodule' in file) return yield `M 160000 ${file.submodule} ${name}\n`;
  const [mode, content] = modeAndContent(file);
  yield `M ${mode} inline ${name}\n`;
  yield* blob(content);
}

function modeAndContent(file: Exclude<GitFile, { submodule: string }>): [mode: string, content: string | Uint8Array] {
  if (typeof file === 'string' || file instanceof Uint8Array) return ['100644', file];
  return 'symlink' in file ? ['120000', file.symlink] : ['100755', file.executable];
}

function* blob(content: string | Uint8Array): Generator<string | Uint8Array> {
  yield `data ${Buffer.byteLength(content)}\n`;
  yield content;
  yield '\n';
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
