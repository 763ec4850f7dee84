import { Controller, Get, Inject, Res } from '@nestjs/common';
import { runChecks } from '@slipway/platform';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { AllowAnonymous } from '../auth/token.guard.js';
import { RETRY_AFTER } from '../http/error-answer.js';
import { SETTINGS, type Settings } from '../ports.js';

const ReadinessView = z.object({
  status: z.enum(['ok', 'unavailable']),
  checks: z.record(z.string(), z.string()).describe('`ok`, or why not, by the name of what is needed.'),
});

@Controller()
@AllowAnonymous()
export class HealthController {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** The process runs. */
  @Get('healthz')
  @Describe({
    section: 'service',
    summary: 'Tell whether the process runs',
    who: 'anybody',
    answers: { 200: z.object({ status: z.literal('ok') }) },
  })
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** It can answer: 503 with the reasons when it cannot. */
  @Get('readyz')
  @Describe({
    section: 'service',
    summary: 'Tell whether it can answer',
    who: 'anybody',
    answers: { 200: ReadinessView, 503: ReadinessView },
  })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const readiness = await runChecks(this.settings.checks);
    if (readiness.status !== 'ok') void reply.status(503).headers(RETRY_AFTER);
    await reply.send(readiness);
  }
}
