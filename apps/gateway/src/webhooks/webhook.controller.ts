import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { WebhookAnswerView, WebhookCode } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { webhookAnswerView } from '@slipway/read-model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { AllowAnonymous } from '../auth/token.guard.js';
import { parse } from '../http/parse.js';
import { ORIGINAL_TYPE } from '../http/raw-body.js';
import { DELIVERIES, type DeliveryDesk } from '../ports.js';
import { rowOf } from './delivery-row.js';

/** What says what it is, and who sends it. */
const HEADERS = [
  'x-github-event',
  'x-github-delivery',
  'x-hub-signature-256',
  'x-hub-signature',
  'x-event-key',
  'x-request-uuid',
  'x-gitee-event',
  'x-gitee-token',
  'x-gitee-timestamp',
  'x-gitee-ping',
] as const;

/** Bytes of a zipped body that NATS carries in one message. */
const MAX_ZIPPED = 700_000;

@Controller('v1/webhooks')
export class WebhookController {
  constructor(@Inject(DELIVERIES) private readonly deliveries: DeliveryDesk) {}

  /** 200: all builds are requested; 202: stored, and the rest is done without being asked again. */
  @Post(':code')
  @HttpCode(200)
  @AllowAnonymous()
  @Describe({
    section: 'webhooks',
    summary: 'Tell of a push',
    details:
      'For code hosts. The body is what the host sends, as JSON or as a form with `payload`, and is signed as the host ' +
      'does. The same delivery again is answered the same and starts nothing. Not only 200 but also 202 is final: what ' +
      'waits is gone on with.',
    who: 'anybody',
    answers: { 200: WebhookAnswerView, 202: WebhookAnswerView },
    body: z.looseObject({ ref: z.string().optional(), after: z.string().optional() }),
    idempotent: false,
    errors: [
      'WEBHOOK_NOT_FOUND',
      'WEBHOOK_PROOF_INVALID',
      'WEBHOOK_SECRET_MISSING',
      'SECRET_UNREADABLE',
      'DELIVERY_INVALID',
      'DELIVERY_CONFLICT',
      'DELIVERY_NOT_FOUND',
    ],
  })
  async receive(
    @Param('code', parse(WebhookCode, 'WEBHOOK_NOT_FOUND')) code: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookAnswerView> {
    if (!Buffer.isBuffer(request.body)) throw new AppError('REQUEST_MALFORMED');
    const zipped = await promisify(gzip)(request.body);
    if (zipped.length > MAX_ZIPPED) throw new AppError('BODY_TOO_LARGE');
    const body = zipped.toString('base64');
    const events = await this.deliveries.receive({
      code,
      headers: headersOf(request),
      body,
      correlationId: request.id,
    });
    const row = rowOf(events);
    if (row.status === 'waiting') void reply.status(202);
    return webhookAnswerView(row);
  }
}

function headersOf({ raw: { headers } }: FastifyRequest): Record<string, string> {
  const sent = [...HEADERS, ORIGINAL_TYPE].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name === ORIGINAL_TYPE ? 'content-type' : name, value.slice(0, 1_000)]] : [];
  });
  return Object.fromEntries(sent) as Record<string, string>;
}
