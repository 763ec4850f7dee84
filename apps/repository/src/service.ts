import {
  commandSubjects,
  DeployKeyQuery,
  OpenBuildsReply,
  querySubjects,
  type CodeHostName,
  type OpenBuildsRequest,
} from '@slipway/contracts';
import { answerOnce, type EventStore } from '@slipway/event-store';
import { AppError, systemClock } from '@slipway/kernel';
import { pause, request, serve } from '@slipway/messaging';
import type { Logger, RunningService } from '@slipway/platform';
import { egressTo, NO_PRIVATE_HOSTS } from '@slipway/egress';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import type { RepositoryConfig } from './config.js';
import type { DeployKeyType } from './deploy-keys/deploy-key.js';
import { rotateDeployKeyHandler, RotateDeployKeyMessage } from './deploy-keys/rotate-deploy-key.js';
import { giveDeployKey } from './deploy-keys/give-deploy-key.js';
import { serveCodeHostTokens } from './code-host-tokens/serve-code-host-tokens.js';
import {
  addHookHandler,
  AddHookMessage,
  changeHookHandler,
  ChangeHookMessage,
  removeHookHandler,
  RemoveHookMessage,
} from './hooks/change-hooks.js';
import { replayDeliveryHandler, ReplayHookDeliveryMessage } from './hooks/replay-delivery.js';
import { serveDeliveries } from './deliveries/serve-deliveries.js';
import { serveNamespaces } from './namespaces/serve-namespaces.js';
import { settleNamespaces } from './namespaces/settle-namespaces.js';
import {
  changeBuildConfigHandler,
  ChangeBuildConfigMessage,
  updateRepositoryHandler,
  UpdateRepositoryMessage,
} from './repositories/change-repository.js';
import { createRepositoryHandler, CreateRepositoryMessage } from './repositories/create-repository.js';
import { deleteRepositoryHandler, DeleteRepositoryMessage } from './repositories/delete-repository.js';
import { resumeDeletions } from './repositories/resume-deletions.js';
import { hostKeyDesk, PinHostKeysMessage, UnpinHostKeysMessage } from './host-keys/host-keys.js';
import { idSequence } from './sequences/id-sequence.js';
import { serveSecrets } from './secrets/serve-secrets.js';
import { ensureAdministrator, type AdministratorParts } from './users/administrator.js';
import { passwords, type Passwords } from './users/password.js';
import { serveUsers } from './users/serve-users.js';

export interface RepositoryParts {
  readonly config: Pick<RepositoryConfig, 'adminUser' | 'adminTokenFile' | 'hosts' | 'secretKey'> &
    Partial<
      Pick<
        RepositoryConfig,
        'oldSecretKeys' | 'rsaClients' | 'codeHostCaFile' | 'privateHosts' | 'reconcileMs' | 'networkPolicies'
      >
    >;
  readonly store: EventStore;
  readonly nats: NatsConnection;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly showToken?: (token: string) => void;
  /** Default: at the cost of today. */
  readonly passwords?: Passwords;
}

const ACTOR = 'service:repository';
const OPEN = { initial: 'full', loosest: 'full' } as const;
const RETRY_MS = 1_000;
/** Less than whoever asks for the deletion waits for its answer. */
const OPEN_BUILDS_LIMIT_MS = 3_000;

/** Decides for image repositories and access. Any number of them may run: they share the queue group `repository`. */
export async function startRepository(parts: RepositoryParts): Promise<RunningService> {
  const { config, store, logger, signal } = parts;
  const clock = systemClock;
  await whenStoreAnswers(parts, {
    store,
    clock,
    logger,
    name: config.adminUser,
    tokenFile: config.adminTokenFile,
    ...(parts.showToken && { show: parts.showToken }),
  });
  signal.throwIfAborted();
  const secretKeys = [config.secretKey, ...(config.oldSecretKeys ?? [])] as const;
  const stopping = new AbortController();
  const until = AbortSignal.any([signal, stopping.signal]);
  const { nats } = parts;
  const egress = egressTo({ privateHosts: config.privateHosts ?? NO_PRIVATE_HOSTS });
  const deliveries = serveDeliveries(
    {
      store,
      clock,
      nats,
      logger,
      hosts: config.hosts,
      egress,
      caFile: config.codeHostCaFile,
      secretKeys,
      signal: until,
      reconcileMs: config.reconcileMs,
    },
    sharing(logger),
  );
  const services = [
    ...deliveries.services,
    ...answerCommands(parts),
    ...answerHookCommands(parts),
    ...serveUsers({
      store,
      clock,
      nats,
      passwords: parts.passwords ?? passwords(),
      common: sharing(logger),
    }),
    ...serveNamespaces({
      store,
      clock,
      nats,
      networkPolicies: config.networkPolicies ?? OPEN,
      common: sharing(logger),
    }),
    ...serveSecrets({ store, clock, nats, secretKeys }, sharing(logger)),
    ...serveCodeHostTokens({ store, clock, secretKey: config.secretKey, nats, common: sharing(logger) }),
  ];
  await nats.flush(); // whoever is told that this one is ready may ask it at once
  const countOpenBuilds = (asked: OpenBuildsRequest) => askOpenBuilds(nats, asked);
  const resuming = Promise.all([
    resumeDeletions({ store, clock, logger, countOpenBuilds }, until),
    deliveries.resuming,
  ]).catch((error: unknown) => {
    logger.error({ error }, 'a loop of the repository service ended');
    process.kill(process.pid, 'SIGTERM');
  });
  return {
    stop: async () => {
      stopping.abort();
      await resuming;
      await Promise.all(services.map((service) => service.stop()));
    },
  };
}

/** Several services share the commands. */
const sharing = (logger: Logger) => ({
  queue: 'repository',
  onError: (error: unknown, subject: string) => logger.error({ error, subject }, 'command failed by a bug'),
});

function answerCommands({ config, store, nats, logger }: RepositoryParts): readonly RunningService[] {
  const clock = systemClock;
  const sequence = (name: string) => idSequence(name, { store, clock, actor: ACTOR });
  const tagConfigIds = sequence('tag-config');
  const { hosts, secretKey } = config;
  const secretKeys = [secretKey, ...(config.oldSecretKeys ?? [])] as const;
  const keyTypeOf = (client: CodeHostName): DeployKeyType => (config.rsaClients?.includes(client) ? 'rsa' : 'ed25519');
  const pins = hostKeyDesk({ store, clock });
  const creating = { store, clock, hosts, secretKey, keyTypeOf, configIds: sequence('build-config'), tagConfigIds };
  const countOpenBuilds = (asked: OpenBuildsRequest) => askOpenBuilds(nats, asked);
  const common = sharing(logger);
  return [
    serve(nats, {
      ...common,
      subject: commandSubjects.createRepository,
      schema: CreateRepositoryMessage,
      handle: answerOnce({ store, clock }, createRepositoryHandler(creating)),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.updateRepository,
      schema: UpdateRepositoryMessage,
      handle: updateRepositoryHandler({ store, clock }),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.changeBuildConfig,
      schema: ChangeBuildConfigMessage,
      handle: changeBuildConfigHandler({ store, clock, tagConfigIds }),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.deleteRepository,
      schema: DeleteRepositoryMessage,
      handle: deleteRepositoryHandler({ store, clock, countOpenBuilds }),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.rotateDeployKey,
      schema: RotateDeployKeyMessage,
      handle: answerOnce({ store, clock }, rotateDeployKeyHandler({ store, clock, secretKey, keyTypeOf })),
    }),
    serve(nats, {
      ...common,
      subject: querySubjects.deployKey,
      schema: DeployKeyQuery,
      handle: giveDeployKey({ store, secretKeys }),
    }),
    serve(nats, { ...common, subject: commandSubjects.pinHostKeys, schema: PinHostKeysMessage, handle: pins.pin }),
    serve(nats, {
      ...common,
      subject: commandSubjects.unpinHostKeys,
      schema: UnpinHostKeysMessage,
      handle: pins.unpin,
    }),
    serve(nats, { ...common, subject: querySubjects.hostKeys, schema: z.object({}), handle: pins.list }),
  ];
}

function answerHookCommands({
  config: { secretKey },
  store,
  nats,
  logger,
}: RepositoryParts): readonly RunningService[] {
  const parts = { store, clock: systemClock };
  const common = sharing(logger);
  return [
    serve(nats, {
      ...common,
      subject: commandSubjects.addHook,
      schema: AddHookMessage,
      handle: addHookHandler({ ...parts, secretKey }),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.changeHook,
      schema: ChangeHookMessage,
      handle: changeHookHandler(parts),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.removeHook,
      schema: RemoveHookMessage,
      handle: removeHookHandler(parts),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.replayHookDelivery,
      schema: ReplayHookDeliveryMessage,
      handle: answerOnce(parts, replayDeliveryHandler(parts)),
    }),
  ];
}

async function askOpenBuilds(nats: NatsConnection, asked: OpenBuildsRequest): Promise<number> {
  const options = { reply: OpenBuildsReply, timeoutMs: OPEN_BUILDS_LIMIT_MS };
  return (await request(nats, commandSubjects.openBuilds, asked, options)).open;
}

/** Services start in any order: one that is here before the event store waits for it. */
async function whenStoreAnswers({ logger, signal }: RepositoryParts, administrator: AdministratorParts): Promise<void> {
  while (!signal.aborted) {
    try {
      await settleNamespaces(administrator);
      return await ensureAdministrator(administrator);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'unavailable') throw error;
      logger.warn({ error }, 'the event store does not answer yet');
      await pause(RETRY_MS, signal);
    }
  }
}
