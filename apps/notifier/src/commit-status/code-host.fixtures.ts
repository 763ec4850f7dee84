import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { streams, type CodeHostTokenEvent, type StatusHost } from '@slipway/contracts';
import type { CodeHostApis } from '@slipway/domain';
import { codeHostTokenCodec, type EventStore } from '@slipway/event-store';
import { instant } from '@slipway/read-model/fixtures';
import { sealed, tellEvent } from '../notifier.fixtures.js';

export const TOKEN = 'a-token-of-the-code-host';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Milliseconds since the start of the process. */
  readonly atMs: number;
}

/** The APIs of three code hosts on one port. */
export interface CodeHost {
  readonly apis: CodeHostApis;
  readonly asked: readonly Asked[];
  /** What it answers instead of doing what it is asked; undefined: it does it. */
  refuses: (asked: Asked) => { readonly status: number; readonly headers?: Record<string, string> } | undefined;
  readonly stop: () => Promise<void>;
}

interface CheckRun {
  readonly id: number;
  readonly name: string;
}

/** Knows the paths and the bodies of the real ones, and only the repository `alice/app`. */
export async function startCodeHost(): Promise<CodeHost> {
  const asked: Asked[] = [];
  const runs: CheckRun[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body: Buffer.concat(chunks).toString(), atMs: performance.now() };
      asked.push(one);
      const { status, body = {}, headers: more = {} } = (host.refuses(one) ?? answerTo(one, runs)) as Answer;
      response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const host: CodeHost = {
    apis: { GitHub: `${base}/github`, Bitbucket: `${base}/2.0`, OSChina: `${base}/api/v5` },
    asked,
    refuses: () => undefined,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return host;
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}
const NOT_FOUND: Answer = { status: 404, body: { message: 'Not Found' } };

function answerTo({ method, path, headers, body }: Asked, runs: CheckRun[]): Answer {
  if (!headers.authorization?.match(/^(Bearer|Basic) /)) return { status: 401 };
  const isJson = headers['content-type']?.startsWith('application/json') === true;
  switch (
    `${method} ${path
      .replace(/[0-9a-f]{40}/, '{sha}')
      .replace(/\d+$/, '{id}')
      .replace(/\?.*/, '')}`
  ) {
    case 'POST /github/repos/alice/app/statuses/{sha}':
    case 'POST /2.0/repositories/alice/app/commit/{sha}/statuses/build':
      return isJson ? { status: 201 } : { status: 400 };
    case 'GET /api/v5/repos/alice/app/commits/{sha}/check-runs':
      return { status: 200, body: { total_count: runs.length, check_runs: runs } };
    case 'POST /api/v5/repos/alice/app/check-runs': {
      const run = { id: runs.length + 7, name: new URLSearchParams(body).get('name') ?? '' };
      runs.push(run);
      return { status: 201, body: run };
    }
    case 'PATCH /api/v5/repos/alice/app/check-runs/{id}':
      return runs.some(({ id }) => path.endsWith(`/${id}`)) ? { status: 200 } : NOT_FOUND;
    default:
      return NOT_FOUND;
  }
}

type Named = { readonly namespace: string; readonly client: StatusHost };

export async function setToken(
  store: EventStore,
  { apiUser = null, ...named }: Named & { readonly apiUser?: string | null },
): Promise<void> {
  const token = sealed(TOKEN, `code-host-token/${named.namespace}/${named.client}`);
  await tell(store, { type: 'CodeHostTokenSet', data: { ...named, apiUser, token, by: 'alice', at: instant() } });
}

export const removeToken = (store: EventStore, named: Named): Promise<void> =>
  tell(store, { type: 'CodeHostTokenRemoved', data: { ...named, by: 'alice', at: instant() } });

const tell = (store: EventStore, event: CodeHostTokenEvent): Promise<void> =>
  tellEvent(store, { stream: streams.codeHostTokens(event.data.namespace), codec: codeHostTokenCodec, event });
