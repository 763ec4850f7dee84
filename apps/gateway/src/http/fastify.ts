import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppError } from '@slipway/kernel';
import { observe } from '@slipway/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Limits } from '../limits/limits.js';
import { answerTo } from './error-answer.js';
import { isWebhook, takeRawBodies } from './raw-body.js';
import { requestIdOf } from './request-id.js';
import { traceRequests } from './trace-requests.js';

const MAX_BODY_BYTES = 1024 * 1024;
/** To send a whole request; an answer may take as long as it likes. */
const REQUEST_LIMIT_MS = 30_000;
/** Longer than a load balancer keeps its connections, so that it is not us who close one just when it is used. */
const KEEP_ALIVE_MS = 65_000;

/** As fastify knows it: `GET`, `/v1/builds/:build_id`. */
export interface ServedRoute {
  readonly method: string;
  readonly path: string;
}

export interface ServerParts {
  readonly onRoute: (route: ServedRoute) => void;
  readonly limits: Limits;
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
}

/**
 * HTTP as the contract wants it: JSON bodies only, up to 1 MiB; paths with and without a trailing slash, in any case;
 * a request id in and out; what is refused before routing is answered in the same shape as everything else.
 */
export function fastifyAdapter({ onRoute, limits, trustedProxies }: ServerParts): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_LIMIT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    exposeHeadRoutes: false, // a HEAD of an endless stream would never end
    genReqId: requestIdOf,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    routerOptions: { ignoreTrailingSlash: true, caseSensitive: false },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const { status, body } = answerTo(error, request.id);
      void reply.status(status).header('x-request-id', request.id).send(body);
    },
    clientErrorHandler: refuseConnection,
  });
  const fastify = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) onRoute({ method: one, path: url });
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.method === 'DELETE' && hasNoBody(request)) delete request.raw.headers['content-type']; // many clients say it anyway
    void reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
    done();
  });
  traceRequests(fastify);
  takeRawBodies(fastify);
  fastify.addHook('onRequest', limitAnonymous(limits));
  fastify.addHook('onResponse', (request, reply, done) => {
    if (isAnonymous(request)) limits.answered(request, reply.statusCode);
    observe('slipway_http_request_duration_seconds', reply.elapsedTime / 1_000, answered(request, reply));
    done();
  });
  return adapter;
}

/** Whoever watches the service has no token, and asks again and again. */
const UNLIMITED: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz']);

/** By the route's template: what callers put into a path makes no series of its own. */
const answered = ({ method, routeOptions: { url = 'none' } }: FastifyRequest, { statusCode }: FastifyReply) => ({
  method,
  route: url,
  status: String(statusCode),
});

const isAnonymous = ({ headers }: FastifyRequest): boolean => headers.authorization === undefined;

const limitAnonymous =
  (limits: Limits) =>
  (request: FastifyRequest, _: FastifyReply, done: (error?: Error) => void): void => {
    if (!isAnonymous(request) || UNLIMITED.has(request.routeOptions.url)) return done();
    try {
      if (isWebhook(request)) limits.webhook(request);
      else limits.anonymous(request);
      done();
    } catch (error) {
      done(error as Error);
    }
  };

const hasNoBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;

/** What does not even parse as HTTP. */
function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const requestId = randomUUID();
  const { body } = answerTo(new AppError('REQUEST_MALFORMED'), requestId);
  const text = JSON.stringify(body);
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(text)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}
