import { openSpan, TRACEPARENT_HEADER, type OpenSpan } from '@slipway/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Every request of the API begins a trace, or goes on with that of its caller. By the route's template: what callers put
 * into a path may be a secret.
 */
export function traceRequests(fastify: FastifyInstance): void {
  const open = new WeakMap<FastifyRequest, OpenSpan>();
  fastify.addHook('onRequest', (request, _, done) => {
    const route = request.routeOptions.url;
    const span = route?.startsWith('/v1/') ? spanOf(request, route) : undefined;
    if (span?.traceparent !== undefined) open.set(request, span);
    done();
  });
  // Not earlier: what reads the body would lose it.
  fastify.addHook('preValidation', (request, _, done) => {
    const span = open.get(request);
    if (span) span.within(done);
    else done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const span = open.get(request);
    span?.annotate({ 'http.response.status_code': reply.statusCode });
    span?.end(faultOf(reply));
    done();
  });
}

function spanOf({ method, headers }: FastifyRequest, route: string): OpenSpan {
  const given = headers[TRACEPARENT_HEADER];
  return openSpan(`${method} ${route}`, {
    kind: 'server',
    isRoot: true,
    from: typeof given === 'string' ? given : '',
    attributes: { 'http.request.method': method, 'http.route': route },
  });
}

/** A refusal is an answer. */
const faultOf = ({ statusCode }: FastifyReply): unknown =>
  statusCode < 500 ? undefined : { code: String(statusCode) };
