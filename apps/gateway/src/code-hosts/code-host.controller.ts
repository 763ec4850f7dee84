import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put, Req } from '@nestjs/common';
import {
  CodeHostName,
  CodeHostsView,
  HostKeysView,
  HostName,
  PinHostKeysBody,
  type CodeHostView,
} from '@slipway/contracts';
import { locateCode, type Caller, type CodeHosts } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { assertOperator } from '../auth/operator.js';
import { CallerOf } from '../auth/token.guard.js';
import { senderOf } from '../commands/sender.js';
import { parse } from '../http/parse.js';
import { HOST_KEYS, SETTINGS, type HostKeyDesk, type Settings } from '../ports.js';

/** Where code lies, and which keys its ssh servers may show. */
@Controller('v1/code-hosts')
export class CodeHostController {
  constructor(
    @Inject(HOST_KEYS) private readonly hostKeys: HostKeyDesk,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @Describe({
    section: 'code hosts',
    summary: 'List the code hosts and the pinned host keys',
    details: 'Over ssh, code is fetched only from a server that shows one of its keys listed here.',
    who: 'user',
    answers: { 200: CodeHostsView },
    errors: ['SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
  })
  async list(): Promise<CodeHostsView> {
    const code_hosts = CodeHostName.options.flatMap((client) =>
      client === 'Simple' ? [] : [codeHostView(client, this.settings.hosts)],
    );
    return { code_hosts, host_keys: [...(await this.hostKeys.list())] };
  }

  /** @throws ACCESS_DENIED */
  @Put('host-keys/:host')
  @Describe({
    section: 'code hosts',
    summary: 'Pin the keys of an ssh server',
    details:
      'From now on it may show these keys and no other. Compare their fingerprints with what the host publishes.',
    who: 'operator',
    answers: { 200: HostKeysView },
    errors: ['ACCESS_DENIED'],
  })
  async pin(
    @Param('host', parse(HostName)) host: HostName,
    @Body(parse(PinHostKeysBody)) body: PinHostKeysBody,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<HostKeysView> {
    assertOperator(caller);
    const hosts = await this.hostKeys.pin({ host, body }, senderOf(caller, request));
    const pinned = hosts.find((one) => one.host === host);
    if (!pinned) throw new AppError('SERVICE_UNAVAILABLE', { reason: 'unpinned at once' });
    return pinned;
  }

  /** @throws ACCESS_DENIED, HOST_KEYS_NOT_FOUND */
  @Delete('host-keys/:host')
  @HttpCode(204)
  @Describe({
    section: 'code hosts',
    summary: 'Unpin the keys of an ssh server',
    details: 'Keys that the host has published and this release knows count again; else nothing is fetched over ssh.',
    who: 'operator',
    answers: { 204: null },
    errors: ['ACCESS_DENIED', 'HOST_KEYS_NOT_FOUND'],
  })
  async unpin(
    @Param('host', parse(HostName)) host: HostName,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    assertOperator(caller);
    await this.hostKeys.unpin({ host }, senderOf(caller, request));
  }
}

function codeHostView(client: Exclude<CodeHostName, 'Simple'>, hosts: CodeHosts): CodeHostView {
  const located = locateCode({ client, namespace: '{owner}', name: '{project}' }, hosts);
  return {
    code_repo_client: client,
    base_url: hosts[client],
    public_clone_url: located?.clone.public ?? null,
    key_clone_url: located?.clone.key ?? null,
  };
}
