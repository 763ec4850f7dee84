import { AppError } from '@slipway/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A type of our own, so that a body is read byte by byte where a signature covers its bytes, and nowhere else. */
const RAW_TYPE = 'application/x-slipway-raw';
/** The header where the type is that was sent. */
export const ORIGINAL_TYPE = 'x-slipway-original-type';
/** Larger than what else is taken: a push of many commits is long. */
const MAX_RAW_BYTES = 5 * 1024 * 1024;
const WEBHOOK = '/v1/webhooks/:code';

export const isWebhook = ({ method, routeOptions: { url } }: FastifyRequest): boolean =>
  method === 'POST' && url === WEBHOOK;

/** Requests of code hosts come with their bytes as `body`, whatever type they name. */
export function takeRawBodies(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(RAW_TYPE, { parseAs: 'buffer', bodyLimit: MAX_RAW_BYTES }, (_, body, done) => {
    done(null, body);
  });
  fastify.addHook('onRequest', (request, _, done) => {
    const { headers } = request.raw;
    const sent = headers['content-type'];
    if (isWebhook(request)) {
      headers[ORIGINAL_TYPE] = sent ?? '';
      headers['content-type'] = RAW_TYPE;
      return done();
    }
    if (sent?.toLowerCase().startsWith(RAW_TYPE)) return done(new AppError('CONTENT_TYPE_UNSUPPORTED'));
    done();
  });
}
