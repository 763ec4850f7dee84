import { Body, Controller, Get, Inject, Param, Put, Req } from '@nestjs/common';
import { NetworkPolicyBody, NetworkPolicyView, type Namespace } from '@slipway/contracts';
import { mayActForUser, mayAdminister, type Caller } from '@slipway/domain';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { CallerOf } from '../auth/token.guard.js';
import { senderOf } from '../commands/sender.js';
import { parse } from '../http/parse.js';
import { NETWORK_POLICIES, type NetworkPolicyDesk } from '../ports.js';
import { assertInside, NamespaceParam } from './namespace-access.js';

@Controller('v1/namespaces/:namespace/network-policy')
export class NetworkPolicyController {
  constructor(@Inject(NETWORK_POLICIES) private readonly policies: NetworkPolicyDesk) {}

  /** @throws NAMESPACE_NOT_FOUND */
  @Get()
  @Describe({
    section: 'namespaces',
    summary: 'Tell what the builds of a namespace may reach',
    who: 'member',
    answers: { 200: NetworkPolicyView },
    errors: ['SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  async show(
    @Param('namespace', NamespaceParam) namespace: Namespace,
    @CallerOf() caller: Caller,
  ): Promise<NetworkPolicyView> {
    assertInside(caller, namespace);
    return this.policies.of(namespace);
  }

  /** @throws ACCESS_DENIED, NAMESPACE_NOT_FOUND, NETWORK_POLICY_CLOSED */
  @Put()
  @Describe({
    section: 'namespaces',
    summary: 'Choose what the builds of a namespace may reach',
    details:
      'For builds that are asked for afterwards. Administrators of the namespace choose nothing looser than ' +
      '`default_policy`, those of the system nothing looser than `loosest_policy`.',
    who: 'admin',
    answers: { 200: NetworkPolicyView },
    errors: ['NAMESPACE_NOT_FOUND', 'NETWORK_POLICY_CLOSED'],
  })
  async choose(
    @Param('namespace', NamespaceParam) namespace: Namespace,
    @Body(parse(NetworkPolicyBody)) body: NetworkPolicyBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<NetworkPolicyView> {
    assertInside(caller, namespace, mayAdminister);
    const bySystem = caller.isAdmin && mayActForUser(caller); // a token that is bound to less opens nothing
    return this.policies.choose({ namespace, body, bySystem }, senderOf(caller, request));
  }
}
