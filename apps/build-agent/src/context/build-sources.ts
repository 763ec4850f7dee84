import { lstat, readFile, realpath } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { BuildFailure, type BuildFailureCode } from '../builder/build-failure.js';

/** A Dockerfile is a text of a page or two; what is larger is not one. */
const DOCKERFILE_MAX_BYTES = 1024 * 1024;
/** Docker's own limit is none; a million bytes of patterns against 100,000 files would occupy the process. */
const IGNORE_FILE_MAX_BYTES = 64 * 1024;

/** Where a build reads from: absolute, resolved paths that lie inside the repository. */
export interface BuildSources {
  readonly repository: string;
  readonly context: string;
  readonly dockerfile: string;
  readonly dockerfileText: string;
  /** Text of `<Dockerfile>.dockerignore`, else of the context's `.dockerignore`, else empty. */
  readonly ignoreText: string;
}

export interface SourcePaths {
  readonly repositoryDirectory: string;
  readonly contextPath: string;
  readonly dockerfileLocation: string;
}

/**
 * Finds context and Dockerfile. A path may run through a symlink of the repository as long as it ends inside of it.
 * The checkout must not change meanwhile: it is the agent's own and no container sees it.
 * @throws BuildFailure CONTEXT_NOT_FOUND | DOCKERFILE_NOT_FOUND | DOCKERFILE_INVALID
 */
export async function locateSources(paths: SourcePaths): Promise<BuildSources> {
  const repository = await realpath(paths.repositoryDirectory);
  const context = await inside(repository, paths.contextPath, 'CONTEXT_NOT_FOUND');
  if (!(await lstat(context)).isDirectory())
    throw new BuildFailure('CONTEXT_NOT_FOUND', `The build context path ${quote(paths.contextPath)} is not a folder.`);

  const dockerfile = await findDockerfile(repository, paths.dockerfileLocation);
  const dockerfileText = await readBounded(dockerfile, DOCKERFILE_MAX_BYTES, 'DOCKERFILE_INVALID');
  if (dockerfileText.trim() === '') throw new BuildFailure('DOCKERFILE_INVALID', 'The Dockerfile is empty.');
  const ignoreText = await readIgnoreFile(repository, context, dockerfile);
  return { repository, context, dockerfile, dockerfileText, ignoreText };
}

async function findDockerfile(repository: string, location: string): Promise<string> {
  const found = await inside(repository, location, 'DOCKERFILE_NOT_FOUND');
  if (!(await lstat(found)).isDirectory()) return requireFile(found, location);
  return requireFile(await inside(repository, join(location, 'Dockerfile'), 'DOCKERFILE_NOT_FOUND'), location);
}

async function requireFile(path: string, location: string): Promise<string> {
  if ((await lstat(path)).isFile()) return path;
  throw new BuildFailure('DOCKERFILE_NOT_FOUND', `There is no Dockerfile at ${quote(location)}.`);
}

/** Resolves every symlink, then asks whether the place is still inside. A missing path and an escape are the same answer. */
async function inside(repository: string, path: string, code: BuildFailureCode): Promise<string> {
  const missing = (cause?: unknown): BuildFailure =>
    new BuildFailure(code, `${quote(path)} does not exist in the repository.`, { cause });
  if (path.includes('\0')) throw missing();
  // A leading slash means the repository's root. `..` is not clipped at it but refused.
  const wished = resolve(repository, `.${sep}${path.replace(/^\/+/, '')}`);
  if (!isWithin(repository, wished)) throw missing();
  const real = await realpath(wished).catch((error: NodeJS.ErrnoException) => {
    if (NOT_THERE.has(error.code ?? '')) throw missing(error);
    throw error;
  });
  if (!isWithin(repository, real) || isWithin(join(repository, '.git'), real)) throw missing();
  return real;
}

/** A missing path, a file where a folder was meant, a ring of symlinks, a name that no file system has. */
const NOT_THERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

export const isWithin = (folder: string, path: string): boolean => path === folder || path.startsWith(folder + sep);

async function readIgnoreFile(repository: string, context: string, dockerfile: string): Promise<string> {
  const candidates = [`${dockerfile}.dockerignore`, join(context, '.dockerignore')];
  for (const candidate of candidates) {
    const real = await realpath(candidate).catch(() => undefined);
    if (!real || !isWithin(repository, real) || !(await lstat(real)).isFile()) continue;
    return readBounded(real, IGNORE_FILE_MAX_BYTES, 'DOCKERFILE_INVALID');
  }
  return '';
}

async function readBounded(file: string, maxBytes: number, code: BuildFailureCode): Promise<string> {
  const { size } = await lstat(file);
  if (size > maxBytes)
    throw new BuildFailure(code, `${basename(file)} has ${size} bytes; at most ${maxBytes} are read.`);
  return readFile(file, 'utf8');
}

/** The Dockerfile's name inside the context, or undefined when it lies outside. */
export const nameInContext = ({ context, dockerfile }: BuildSources): string | undefined =>
  isWithin(context, dockerfile) ? relative(context, dockerfile) : undefined;

const quote = (path: string): string => JSON.stringify(path);
