import { Controller, Get, Inject, Param } from '@nestjs/common';
import { Namespace, QuotaView } from '@slipway/contracts';
import { maySeeInside, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { parse } from '../http/parse.js';
import { QUOTAS, type QuotaDesk } from '../ports.js';

@Controller('v1/namespaces/:namespace/quota')
export class QuotaController {
  constructor(@Inject(QUOTAS) private readonly quotas: QuotaDesk) {}

  /** @throws NAMESPACE_NOT_FOUND */
  @Get()
  @Describe({
    section: 'builds',
    summary: 'Tell how many builds a namespace may have, and has',
    who: 'member',
    answers: { 200: QuotaView },
    errors: ['NAMESPACE_NOT_FOUND', 'SERVICE_UNAVAILABLE'],
  })
  async show(
    @Param('namespace', parse(Namespace, 'NAMESPACE_NOT_FOUND')) namespace: Namespace,
    @CallerOf() caller: Caller,
  ): Promise<QuotaView> {
    if (!maySeeInside(caller, namespace)) throw new AppError('NAMESPACE_NOT_FOUND', { namespace });
    return this.quotas.of(namespace);
  }
}
