import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Role } from './standby/standby.js';
import { printMetrics, watch } from './telemetry/metrics.js';
import { within } from './within.js';

/** What a service may need, by its one name in `/readyz` and in metrics; docs/TELEMETRY.md lists the same. */
export const DEPENDENCIES = {
  nats: 'nats-server answers, and has JetStream',
  'event-store': 'the event store answers',
  'read-model': 'the database answers, and its views are of this version',
  file: 'of an embedded event store: the last write to its file succeeded',
  commands: 'of `repository`: it answers commands',
  projections: 'of `projections`: it is caught up with the events, or stands by',
  notifier: 'of `notifier`: it is caught up with the events, or stands by',
} as const;
export type Dependency = keyof typeof DEPENDENCIES;

export type ReadinessChecks = Readonly<Partial<Record<Dependency, ReadinessCheck>>>;

/** Answers why a dependency is not usable, or `undefined` when it is. Must answer within a second or so. */
export type ReadinessCheck = () => Promise<string | undefined> | string | undefined;

export interface HealthServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

const CHECK_TIMEOUT_MS = 2_000;
/** A metric is waited for as long as that: what never answers must be shown before. */
const WATCH_TIMEOUT_MS = 1_500;

/**
 * `GET /healthz`: the process runs. `GET /readyz`: every named check passes, else 503 with the reasons; and, of a service
 * of which one of several works, whether it is that one. `GET /metrics`: for Prometheus.
 * Binds loopback unless told otherwise; port 0 picks a free one.
 */
export async function startHealthServer(options: {
  readonly port: number;
  readonly host?: string;
  readonly checks: ReadinessChecks;
  readonly role?: () => Role | undefined;
}): Promise<HealthServer> {
  watchChecks(options.checks);
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/metrics') return void answerMetrics(response);
    if (request.url === '/healthz') return answer(200, { status: 'ok' });
    if (request.url !== '/readyz') return answer(404, { status: 'not-found' });
    void runChecks(options.checks).then((result) =>
      answer(result.status === 'ok' ? 200 : 503, { ...result, role: options.role?.() }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function watchChecks(checks: ReadinessChecks): void {
  watch('slipway_dependency_up', async () => {
    const answers = Object.entries((await runChecks(checks, WATCH_TIMEOUT_MS)).checks);
    return answers.map(([dependency, answer]) => ({ labels: { dependency }, value: answer === 'ok' ? 1 : 0 }));
  });
}

async function answerMetrics(response: ServerResponse): Promise<void> {
  const { contentType, text } = await printMetrics();
  response.writeHead(200, { 'content-type': contentType });
  response.end(text);
}

export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  readonly checks: Readonly<Record<string, string>>;
}

/** Runs all checks at once, each with a limit. */
export async function runChecks(checks: ReadinessChecks, limitMs = CHECK_TIMEOUT_MS): Promise<Readiness> {
  const answers = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, (await limited(check, limitMs)) ?? 'ok'] as const),
  );
  return {
    status: answers.every(([, text]) => text === 'ok') ? 'ok' : 'unavailable',
    checks: Object.fromEntries(answers),
  };
}

async function limited(check: ReadinessCheck, limitMs: number): Promise<string | undefined> {
  try {
    return await within(Promise.resolve().then(check), limitMs);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
