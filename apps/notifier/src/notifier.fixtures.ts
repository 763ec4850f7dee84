import { createCipheriv, createHash, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { streams, type HookEvent, type SealedKey, type Topic } from '@slipway/contracts';
import type { CodeHostApis } from '@slipway/domain';
import { egressTo, parsePrivateHosts } from '@slipway/egress';
import { commandHandler, hookCodec, type DomainEvent, type EventCodec, type EventStore } from '@slipway/event-store';
import { silentLogger } from '@slipway/platform';
import { instant } from '@slipway/read-model/fixtures';
import { failedForGood } from './channel.js';
import { commitStatusChannel } from './commit-status/commit-status.channel.js';
import { hookChannel } from './hooks/hook.channel.js';
import { postOver } from './hooks/post.js';
import { startNotifier, type Notifier, type NotifierOptions } from './service.js';

export const SECRET = 'a secret of thirty-two characters';
export const PUBLIC_URL = 'https://slipway.example';
const [secretKey, otherKey] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))];

/** Goes on from when the histories of tests begin: news of them is fresh. */
const startedAt = performance.now();
export const clock = { now: () => instant(60 + (performance.now() - startedAt) / 1_000) };

/** Pauses that a test can wait for. */
export const retry = { firstPauseMs: 50, maxPauseMs: 100, giveUpMs: 60_000 };

/** A dead notifier is found out within a test; a live one on a busy machine is not taken for dead. */
const CLAIM_MS = 2_000;

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody whom a hook tells. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Status of the next answer; undefined: none ever comes. Default 204. */
  answers: (request: Received, count: number) => number | undefined;
  /** What an answer waits for. */
  beforeAnswer: () => Promise<void>;
  readonly ids: () => readonly string[];
  readonly stop: () => Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(chunks).toString() };
      received.push(one);
      const status = receiver.answers(one, received.length);
      if (status === undefined) return;
      void receiver
        .beforeAnswer()
        .then(() => response.writeHead(status, { location: '/elsewhere' }).end(status < 300 ? '' : 'oops'));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slipway`,
    received,
    answers: () => 204,
    beforeAnswer: () => Promise.resolve(),
    ids: () => received.map(({ body }) => (JSON.parse(body) as { id: string }).id),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return receiver;
}

/** As the repository service decides them. */
export const tellHook = (store: EventStore, event: HookEvent): Promise<void> =>
  tellEvent(store, { stream: streams.hooks(event.data.namespace), codec: hookCodec, event });

export async function tellEvent<Event extends DomainEvent & { readonly data: { readonly at: string } }>(
  store: EventStore,
  { stream, codec, event }: { readonly stream: string; readonly codec: EventCodec<Event>; readonly event: Event },
): Promise<void> {
  const asTold = { initial: undefined, decide: () => [event], evolve: () => undefined };
  const commandId = randomUUID();
  const context = { commandId, at: event.data.at, actor: 'user:alice', correlationId: commandId };
  await commandHandler(store, asTold, codec)(stream, undefined, context);
}

export async function addHook(
  store: EventStore,
  namespace: string,
  { url, topics = ['build.succeeded'], at = instant() }: { url: string; topics?: Topic[]; at?: string },
): Promise<string> {
  const hookId = randomUUID();
  const data = {
    namespace,
    hookId,
    url,
    topics,
    isActive: true,
    secret: sealed(SECRET, `hook/${hookId}`),
    by: 'alice',
    at,
  };
  await tellHook(store, { type: 'HookAdded', data });
  return hookId;
}

/** As the repository service seals. */
export function sealed(text: string, boundTo: string): SealedKey {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', secretKey, iv).setAAD(Buffer.from(boundTo));
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
  const keyId = createHash('sha256').update(secretKey.export()).digest('hex').slice(0, 8);
  return { keyId, iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), ciphertext };
}

export interface RunningNotifier extends Notifier {
  readonly stop: () => Promise<void>;
}

export interface RunOptions extends Partial<NotifierOptions> {
  readonly privateHosts?: string;
  readonly apis?: CodeHostApis;
}
const NO_APIS: CodeHostApis = { GitHub: null, Bitbucket: null, OSChina: null };

/** `privateHosts`: as the variable; default: the loopback interface, where tests listen. */
export function runNotifier(
  store: EventStore,
  { privateHosts = '127.0.0.0/8', apis = NO_APIS, ...options }: RunOptions = {},
): RunningNotifier {
  const stopping = new AbortController();
  const egress = egressTo({ privateHosts: parsePrivateHosts(privateHosts) });
  const parts = { store, secretKeys: [otherKey, secretKey], publicUrl: PUBLIC_URL };
  const notifier = startNotifier({
    store,
    channels: {
      hook: hookChannel({ ...parts, post: postOver(egress) }),
      'commit-status': commitStatusChannel({ ...parts, apis, egress }),
      mail: () => Promise.resolve(failedForGood('no mail here')),
    },
    mails: false,
    logger: silentLogger,
    signal: stopping.signal,
    clock,
    retry,
    claimMs: CLAIM_MS,
    ...options,
  });
  return {
    ...notifier,
    stop: async () => {
      stopping.abort();
      await notifier.done;
    },
  };
}
