import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@slipway/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerTo } from './error-answer.js';

/** The one place where an error becomes an answer, and where a bug is logged. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, headers, body, isBug } = answerTo(error, request.id);
    if (isBug) {
      const { method, routeOptions } = request;
      this.logger.error(
        { error, correlationId: request.id, method, route: routeOptions.url },
        'request failed by a bug',
      );
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy(); // an answer that began cannot become another one
      return;
    }
    void reply.status(status).headers(headers).send(body);
  }
}
