import { execFile, type ChildProcess } from 'node:child_process';
import { createServer, type IncomingMessage, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory, type TemporaryDirectory } from '../temporary-directory.js';
import { writeHistory, type GitFiles } from './git-history.js';
import { killGroup, runBackend } from './http-backend.js';

const run = promisify(execFile);

export interface GitServerOptions {
  /** Folder of the repositories; default: one of its own, gone after `stop`. */
  readonly root?: string;
  /** Needed to read any repository; default: none. */
  readonly auth?: { readonly username: string; readonly password: string };
  /** False: speaks protocol version 0, where only advertised commits are handed out by id. Default true. */
  readonly protocolV2?: boolean;
  /** Default: a free one. */
  readonly port?: number;
  /** Key and certificate (PEM): serves https instead. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface RepositoryOptions {
  /** Points to the last commit. Default `main`. */
  readonly branch?: string;
  /** More commits after the first: files added or changed. */
  readonly commits?: readonly GitFiles[];
  /** More branches, each at a commit by its place: 0 is the first. */
  readonly branches?: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, number>>;
  readonly annotatedTags?: Readonly<Record<string, number>>;
  readonly objectFormat?: 'sha1' | 'sha256';
}

export interface GitRepository {
  readonly cloneUrl: string;
  /** The bare repository. */
  readonly directory: string;
  /** Ids, oldest first. */
  readonly commits: readonly string[];
  /** Id of the last commit: what the branch points to. */
  readonly head: string;
}

export interface GitServer {
  /** `http://127.0.0.1:<port>`, or `https://…` */
  readonly url: string;
  readonly port: number;
  /** Lines `METHOD /path` in the order of arrival. */
  readonly requests: readonly string[];
  /** @param name may contain slashes; the clone URL is `<url>/<name>.git` */
  createRepository(name: string, files: GitFiles, options?: RepositoryOptions): Promise<GitRepository>;
  /** Stops serving, ends every git process it started and removes its own folder. */
  stop(): Promise<void>;
}

/** Serves git repositories over smart HTTP on loopback, by the machine's own git. Read-only for clients. */
export async function startGitServer(options: GitServerOptions = {}): Promise<GitServer> {
  const { path: root, remove } = options.root === undefined ? temporaryDirectory() : kept(options.root);
  const children = new Set<ChildProcess>();
  const requests: string[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (options.auth && !isAuthorized(request, options.auth))
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    const { protocolV2 = true } = options;
    const child = runBackend(request, response, { root, user: options.auth?.username ?? '', protocolV2 });
    children.add(child);
    child.once('close', () => children.delete(child));
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  const port = await listen(server, options.port ?? 0);
  const url = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  return {
    url,
    port,
    requests,
    createRepository: (name, files, repository) => createRepository({ root, url, name }, files, repository),
    stop: async () => {
      const gone = [...children].map((child) => new Promise((resolve) => child.once('close', resolve)));
      for (const child of children) killGroup(child);
      await Promise.all([closeServer(server), ...gone]);
      remove();
    },
  };
}

const kept = (path: string): TemporaryDirectory => ({ path, remove: () => {} });

async function createRepository(
  place: { readonly root: string; readonly url: string; readonly name: string },
  files: GitFiles,
  {
    branch = 'main',
    commits: more = [],
    branches = {},
    tags = {},
    annotatedTags = {},
    objectFormat = 'sha1',
  }: RepositoryOptions = {},
): Promise<GitRepository> {
  const directory = join(place.root, `${place.name}.git`);
  const format = `--object-format=${objectFormat}`;
  await run('git', ['init', '-q', '--bare', '--template=', `--initial-branch=${branch}`, format, '--', directory]);
  const commits = [files, ...more];
  const ids = await writeHistory(directory, { commits, branch, branches, tags, annotatedTags });
  return { cloneUrl: `${place.url}/${place.name}.git`, directory, commits: ids, head: ids.at(-1) ?? '' };
}

function isAuthorized(
  { headers }: IncomingMessage,
  auth: { readonly username: string; readonly password: string },
): boolean {
  return headers.authorization === `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
}

/** Answers the port. */
const listen = (server: HttpServer, port = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const closeServer = (server: HttpServer): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
