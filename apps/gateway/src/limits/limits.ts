import { mayBuild, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import type { FastifyRequest } from 'fastify';
import { clientNetwork } from './client-network.js';
import { rateLimit, type RateLimit } from './rate-limit.js';

/** Requests a minute; all of them may come at once. */
export interface RateLimitConfig {
  /** Of one client address without a token. */
  readonly anonymous: number;
  /** Of one user or robot, from wherever. */
  readonly caller: number;
  /** That change something in one namespace, of all its builders together. */
  readonly writes: number;
  /** That code hosts send to one webhook from one address. */
  readonly webhooks: number;
  /** Tokens and passwords of one client address that were not good. */
  readonly failures: number;
  /** Passwords said to be those of one user, from wherever. */
  readonly logins: number;
}

/** Every method throws RATE_LIMITED, but the last. */
export interface Limits {
  /** Before the body is read, for a request without a token. */
  readonly anonymous: (request: FastifyRequest) => void;
  /** The same for a delivery: many webhooks are sent to from one address, so each counts for itself. */
  readonly webhook: (request: FastifyRequest) => void;
  /** Once it is known who calls, and once the body is read. */
  readonly caller: (request: FastifyRequest, caller: Caller) => void;
  /** When a token or a password was not good. A good one is never refused for what others of its address tried. */
  readonly failure: (request: FastifyRequest) => void;
  /** Before a password is checked, right or wrong: whether it is, is what a guesser wants to know. */
  readonly login: (username: string) => void;
  /** When a request without a token was answered with this status: a password that was not good counts too. */
  readonly answered: (request: FastifyRequest, status: number) => void;
}

/** In memory, of this gateway alone. Source: docs/adr/0016-rate-limits.md */
export function limitsOf(config: RateLimitConfig): Limits {
  const anonymous = rateLimit(config.anonymous);
  const callers = rateLimit(config.caller);
  const webhooks = rateLimit(config.webhooks);
  const senders = rateLimit(SENDER_FACTOR * config.webhooks);
  const writes = rateLimit(config.writes);
  const failures = rateLimit(config.failures);
  const logins = rateLimit(config.logins);
  return {
    anonymous: (request) => {
      const network = clientNetwork(request.ip);
      if (!READS.has(request.method)) refuseFor(failures.waitOf(network)); // a password may be in it
      take(anonymous, network);
    },
    webhook: (request) => {
      const network = clientNetwork(request.ip);
      take(webhooks, `${network} ${textAt(request.params, 'code') ?? ''}`);
      take(senders, network);
    },
    caller: (request, caller) => {
      take(callers, caller.name);
      if (READS.has(request.method)) return;
      const namespace = namespaceIn(request);
      // Whoever may not write there shall not use up what those have who may.
      if (namespace !== undefined && mayBuild(caller, namespace)) take(writes, namespace);
    },
    failure: (request) => take(failures, clientNetwork(request.ip)),
    login: (username) => take(logins, username),
    answered: ({ method, ip }, status) => {
      if (status === 401 && !READS.has(method)) failures.take(clientNetwork(ip));
    },
  };
}

/** Of one address to all webhooks, in times of what it may send to one. */
const SENDER_FACTOR = 20;

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

const take = (limit: RateLimit, key: string): void => refuseFor(limit.take(key));

function refuseFor(waitMs: number): void {
  if (waitMs > 0) throw new AppError('RATE_LIMITED', { retryAfterS: Math.ceil(waitMs / 1_000) });
}

/** In the path, or in the body that names it. */
function namespaceIn({ params, body }: FastifyRequest): string | undefined {
  return textAt(params, 'namespace') ?? textAt(body, 'namespace');
}

function textAt(parts: unknown, name: string): string | undefined {
  if (typeof parts !== 'object' || parts === null || !(name in parts)) return undefined;
  const text = (parts as Readonly<Record<string, unknown>>)[name];
  return typeof text === 'string' ? text : undefined;
}
