import { Controller, Get, Inject, Param } from '@nestjs/common';
import { QuotaView, type Namespace } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { assertInside, NamespaceParam } from '../namespaces/namespace-access.js';
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
    errors: ['SERVICE_UNAVAILABLE'],
  })
  async show(@Param('namespace', NamespaceParam) namespace: Namespace, @CallerOf() caller: Caller): Promise<QuotaView> {
    assertInside(caller, namespace);
    return this.quotas.of(namespace);
  }
}
