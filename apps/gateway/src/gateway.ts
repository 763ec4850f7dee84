import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Egress } from '@slipway/egress';
import { checkConnection } from '@slipway/messaging';
import type { Logger, ReadinessChecks } from '@slipway/platform';
import type { ReadModel } from '@slipway/read-model';
import { AgentController } from './agents/agent.controller.js';
import { agentDesk } from './agents/agents.js';
import { DocumentController } from './api/document.controller.js';
import { documentOf, type ApiDocument } from './api/document.js';
import { routesOf } from './api/routes.js';
import { ProfileController } from './auth/profile.controller.js';
import { loginOver, noLogins, oidcLogins } from './auth/oidc/logins.js';
import { tokenGuard } from './auth/token.guard.js';
import { rolesOver } from './auth/roles.js';
import { SignInController } from './auth/sign-in.controller.js';
import { signInOver } from './auth/sign-in.js';
import { tokensOf } from './auth/tokens.js';
import { BuildStepController } from './builds/build-step.controller.js';
import { BuildHistoryController } from './builds/build-history.controller.js';
import { buildHistory } from './builds/build-history.js';
import { buildPlaces } from './builds/build-places.js';
import { BuildController } from './builds/build.controller.js';
import { BuildShowController } from './builds/build-show.controller.js';
import { CodeHostTokenController } from './code-host-tokens/code-host-token.controller.js';
import { codeHostTokenDesk } from './code-host-tokens/code-host-tokens.js';
import { CodeHostController } from './code-hosts/code-host.controller.js';
import { hostKeyDesk } from './code-hosts/code-hosts.js';
import { commandBus } from './commands/command-bus.js';
import { viewCheckpoints } from './commands/view-checkpoints.js';
import type { GatewayConfig } from './config.js';
import { DeadLetterController } from './dead-letters/dead-letter.controller.js';
import { deadLetterDesk } from './dead-letters/dead-letters.js';
import { HealthController } from './health/health.controller.js';
import { HookDeliveryController } from './hooks/hook-delivery.controller.js';
import { HookController } from './hooks/hook.controller.js';
import { ErrorFilter } from './http/error.filter.js';
import { MemberController } from './namespaces/member.controller.js';
import { NamespaceController } from './namespaces/namespace.controller.js';
import { RobotController } from './namespaces/robot.controller.js';
import { fastifyAdapter, type ServedRoute } from './http/fastify.js';
import { limitsOf } from './limits/limits.js';
import { logFollower } from './logs/follow-log.js';
import { LogController } from './logs/log.controller.js';
import { listenForHints } from './logs/projection-hints.js';
import {
  AGENTS,
  API_DOCUMENT,
  BUILD_HISTORY,
  BUILD_PLACES,
  CODE_HOST_TOKENS,
  COMMANDS,
  DEAD_LETTERS,
  DELIVERIES,
  EGRESS,
  HOST_KEYS,
  LIMITS,
  LOG_FOLLOWER,
  NETWORK_POLICIES,
  QUOTAS,
  READ_MODEL,
  SECRETS,
  ROLES,
  SETTINGS,
  SIGN_IN,
  TOKENS,
  type Limits,
  type Roles,
  type Settings,
  type Tokens,
} from './ports.js';
import { NetworkPolicyController } from './namespaces/network-policy.controller.js';
import { networkPolicyDesk } from './namespaces/network-policies.js';
import { QuotaController } from './quotas/quota.controller.js';
import { quotaDesk } from './quotas/quotas.js';
import { BuildConfigController } from './repositories/build-config.controller.js';
import { RepositoryController } from './repositories/repository.controller.js';
import { RegistryCredentialController } from './secrets/registry-credential.controller.js';
import { RepositorySecretController } from './secrets/repository-secret.controller.js';
import { SecretController } from './secrets/secret.controller.js';
import { secretDesk } from './secrets/secrets.js';
import { deliveryDesk } from './webhooks/deliveries.js';
import { DeliveryController } from './webhooks/delivery.controller.js';
import { ReconcileController } from './webhooks/reconcile.controller.js';
import { WebhookConfigController } from './webhooks/webhook-config.controller.js';
import { WebhookController } from './webhooks/webhook.controller.js';
import { TagController } from './repositories/tag.controller.js';
import { TokenController } from './users/token.controller.js';
import { UserController } from './users/user.controller.js';

export interface GatewayParts {
  readonly config: Pick<GatewayConfig, 'host' | 'port' | 'publicUrl' | 'hosts' | 'limits' | 'trustedProxies' | 'oidc'>;
  readonly nats: NatsConnection;
  readonly readModel: ReadModel;
  readonly egress: Egress;
  readonly logger: Logger;
}

export interface Gateway {
  /** Where it listens. */
  readonly url: string;
  /** Everything it serves, described or not. */
  readonly routes: readonly ServedRoute[];
  /** Ends followed logs, lets other answers finish. */
  readonly stop: () => Promise<void>;
}

@Module({})
class GatewayModule {}

export const CONTROLLERS = [
  RepositoryController,
  BuildConfigController,
  TagController,
  BuildController,
  BuildShowController,
  BuildHistoryController,
  BuildStepController,
  LogController,
  NetworkPolicyController,
  QuotaController,
  NamespaceController,
  MemberController,
  RobotController,
  HookController,
  HookDeliveryController,
  SecretController,
  RepositorySecretController,
  RegistryCredentialController,
  WebhookController,
  WebhookConfigController,
  DeliveryController,
  ReconcileController,
  ProfileController,
  SignInController,
  TokenController,
  UserController,
  CodeHostController,
  AgentController,
  DeadLetterController,
  CodeHostTokenController,
  HealthController,
  DocumentController,
];

/** The only public port. Shows what the read model holds, passes wishes on, decides nothing. Any number may run. */
export async function startGateway(parts: GatewayParts): Promise<Gateway> {
  const { config, readModel, logger } = parts;
  const stopping = new AbortController();
  const routes: ServedRoute[] = [];
  const limits = limitsOf(config.limits);
  const roles = rolesOver(readModel.namespaces);
  const tokens = tokensOf(readModel);
  const logins = config.oidc ? oidcLogins(config.oidc, loginOver(parts.nats)) : noLogins;
  const onRoute = (route: ServedRoute): unknown => routes.push(route);
  const adapter = fastifyAdapter({ onRoute, limits, trustedProxies: config.trustedProxies });
  const app = await NestFactory.create<NestFastifyApplication>(
    moduleOf(parts, { roles, tokens, limits, stopping: stopping.signal }),
    adapter,
    {
      logger: false, // ours logs what matters, once
      bodyParser: false, // fastify's own takes JSON, and nothing else
      abortOnError: false,
    },
  );
  app.useGlobalGuards(tokenGuard({ tokens, logins, roles, limits }));
  app.useGlobalFilters(new ErrorFilter(logger));
  await app.listen(config.port, config.host);
  return {
    url: await app.getUrl(),
    routes,
    stop: async () => {
      stopping.abort();
      await app.close();
    },
  };
}

interface ModuleParts {
  readonly roles: Roles;
  readonly tokens: Tokens;
  readonly limits: Limits;
  readonly stopping: AbortSignal;
}

/** What it needs to answer. */
export const checksOf = ({ nats, readModel }: Pick<GatewayParts, 'nats' | 'readModel'>): ReadinessChecks => ({
  nats: () => checkConnection(nats),
  'read-model': () => readModel.checkpoints.problem(),
});

function moduleOf(
  { config, nats, egress, readModel, logger }: GatewayParts,
  { roles, tokens, limits, stopping }: ModuleParts,
): DynamicModule {
  const settings: Settings = {
    publicUrl: config.publicUrl,
    hosts: config.hosts,
    checks: checksOf({ nats, readModel }),
  };
  const follower = logFollower({
    readModel,
    logger,
    stopping,
    listen: (buildId, onHint) => listenForHints(nats, buildId, onHint),
  });
  const views = viewCheckpoints(readModel.checkpoints.of);
  let document: ApiDocument | undefined;
  const apiDocument = (): ApiDocument => (document ??= documentOf(routesOf(CONTROLLERS), config.publicUrl));
  return {
    module: GatewayModule,
    controllers: CONTROLLERS,
    providers: [
      { provide: DELIVERIES, useValue: deliveryDesk(nats) },
      { provide: AGENTS, useValue: agentDesk(nats) },
      { provide: DEAD_LETTERS, useValue: deadLetterDesk(nats) },
      { provide: COMMANDS, useValue: commandBus(nats, views) },
      { provide: SIGN_IN, useValue: signInOver(nats, views) },
      { provide: TOKENS, useValue: tokens },
      { provide: LIMITS, useValue: limits },
      { provide: EGRESS, useValue: egress },
      { provide: ROLES, useValue: roles },
      { provide: READ_MODEL, useValue: readModel },
      { provide: BUILD_HISTORY, useValue: buildHistory(nats) },
      { provide: BUILD_PLACES, useValue: buildPlaces(nats) },
      { provide: LOG_FOLLOWER, useValue: follower },
      { provide: API_DOCUMENT, useValue: apiDocument },
      { provide: HOST_KEYS, useValue: hostKeyDesk(nats) },
      { provide: SECRETS, useValue: secretDesk(nats) },
      { provide: CODE_HOST_TOKENS, useValue: codeHostTokenDesk(nats) },
      { provide: NETWORK_POLICIES, useValue: networkPolicyDesk(nats) },
      { provide: QUOTAS, useValue: quotaDesk(nats) },
      { provide: SETTINGS, useValue: settings },
    ],
  };
}
