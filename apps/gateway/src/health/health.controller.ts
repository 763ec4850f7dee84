import { Controller, Get, Inject, Res } from '@nestjs/common';
import { runChecks } from '@slipway/platform';
import type { FastifyReply } from 'fastify';
import { AllowAnonymous } from '../auth/token.guard.js';
import { SETTINGS, type Settings } from '../ports.js';

@Controller()
@AllowAnonymous()
export class HealthController {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** The process runs. */
  @Get('healthz')
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** It can answer: 503 with the reasons when it cannot. */
  @Get('readyz')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const readiness = await runChecks(this.settings.checks);
    await reply.status(readiness.status === 'ok' ? 200 : 503).send(readiness);
  }
}
