import { spawn, type ChildProcess } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Longest head that is waited for before the body. */
const MAX_HEAD_BYTES = 65_536;

export interface BackendOptions {
  readonly root: string;
  /** Authenticated user, as CGI names it. */
  readonly user: string;
  /** False: the client's wish for protocol version 2 is not passed on, so that version 0 is spoken. */
  readonly protocolV2: boolean;
}

/** Answers one request by `git http-backend`: a CGI program. The child has a process group of its own. */
export function runBackend(request: IncomingMessage, response: ServerResponse, options: BackendOptions): ChildProcess {
  const child = spawn('git', ['http-backend'], {
    detached: true,
    env: cgiEnvironment(request, options),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {}); // the client sent more than git wanted
  request.pipe(child.stdin);
  response.on('close', () => killGroup(child));
  void answer(child.stdout, response).catch(() => response.destroy());
  return child;
}

/** Ends git and what it started. Safe to repeat. */
export function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

/** Source: RFC 3875, 4.1, and git-http-backend(1). */
function cgiEnvironment(request: IncomingMessage, { root, user, protocolV2 }: BackendOptions): NodeJS.ProcessEnv {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const header = (name: string): string => [request.headers[name]].flat().join(', ');
  return {
    PATH: process.env['PATH'],
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: header('content-type'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    REMOTE_USER: user,
    REMOTE_ADDR: request.socket.remoteAddress,
    ...(protocolV2 ? { GIT_PROTOCOL: header('git-protocol') } : {}),
    ...(request.headers['content-length'] ? { CONTENT_LENGTH: request.headers['content-length'] } : {}),
  };
}

/** CGI output to an HTTP answer: a head with an optional `Status:`, an empty line, the body. */
async function answer(output: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of output) {
    let body = chunk;
    if (head) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0 && head.length > MAX_HEAD_BYTES) throw new Error('git http-backend sent no head');
      if (end < 0) continue;
      writeHead(head.toString('latin1', 0, end), response);
      body = head.subarray(end + 4);
      head = undefined;
    }
    if (response.destroyed) return; // the client is gone: nothing is drained any more
    if (!response.write(body)) await drained(response);
  }
  if (head) response.writeHead(500);
  response.end();
}

function writeHead(head: string, response: ServerResponse): void {
  const fields = head.split('\r\n').map((line) => line.split(/:\s*(.*)/s, 2) as [string, string]);
  for (const [name, value] of fields) if (name.toLowerCase() !== 'status') response.setHeader(name, value);
  response.writeHead(Number.parseInt(fields.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200', 10));
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
