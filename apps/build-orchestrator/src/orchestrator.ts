import type { NatsConnection } from '@nats-io/transport-node';
import {
  BuildPlaceQuery,
  codeHostBases,
  codeHostSshBases,
  commandSubjects,
  OpenBuildsRequest,
  querySubjects,
  QuotaQuery,
  type Report,
} from '@slipway/contracts';
import { codeHosts } from '@slipway/domain';
import { connectEventStore, type EventStore } from '@slipway/event-store';
import { systemClock, type Clock } from '@slipway/kernel';
import { checkConnection, connectNats, ensureTopology, serve } from '@slipway/messaging';
import { startHealthServer, type Logger, type RunningService } from '@slipway/platform';
import { answerAboutAgents } from './agents/agent-requests.js';
import type { AgentRegistry } from './agents/agent-registry.js';
import { hearAgents } from './agents/hear-agents.js';
import { buildDesk } from './builds/build-desk.js';
import { answerAgents } from './builds/answer-agents.js';
import { answerHolders } from './builds/answer-holders.js';
import { Elsewhere } from './builds/elsewhere.js';
import { openBuildsOf } from './builds/open-builds.js';
import { loseAttempt, recordReport } from './builds/record-report.js';
import { consumeReports } from './builds/report.consumer.js';
import { answerUsers } from './builds/user-requests.js';
import type { OrchestratorConfig } from './config.js';
import { answerAboutDeadLetters } from './dead-letters/dead-letter-requests.js';
import { logDesk } from './logs/log-desk.js';
import { consumeLogs, logHasArrived } from './logs/log.consumer.js';
import { recordChunk } from './logs/record-chunk.js';
import { Limits, type QuotaLimits } from './quotas/limits.js';
import { Quotas, type Counts } from './quotas/quotas.js';
import { Usage } from './quotas/usage.js';
import { placeOfBuild } from './queue/build-place.js';
import { BuildQueue } from './queue/build-queue.js';
import { readyAgents } from './queue/ready-agents.js';
import { watchQueue } from './queue/watch-queue.js';
import { jobQueue } from './relay/job-queue.js';
import { relayJobs } from './relay/job.relay.js';
import { OpenBuilds } from './relay/open-builds.js';
import { connectRegistry, noRegistry } from './tags/registry.js';
import { imageNaming } from './tags/own-tag.js';
import { tagDesk } from './tags/tag-desk.js';

const QUEUE = 'build-orchestrator';

/** Answers commands, relays jobs, records reports and logs. Any number of orchestrators may run beside each other. */
export async function startOrchestrator(
  config: OrchestratorConfig,
  {
    logger,
    signal,
    clock = systemClock,
  }: { readonly logger: Logger; readonly signal: AbortSignal; readonly clock?: Clock },
): Promise<RunningService> {
  const store = connectEventStore({ url: config.EVENTSTORE_URL, logger });
  const nats = await connectNats({ url: config.NATS_URL, name: 'build-orchestrator' });
  const topology = { replicas: config.STREAM_REPLICAS, ackWaitMs: config.ACK_WAIT_MS, buildNodes: config.BUILD_NODES };
  const restoreTopology = (): Promise<void> => ensureTopology(nats, topology);
  await Promise.all([store.ping(), restoreTopology()]);

  const builds = buildDesk(store);
  const logs = logDesk(store, clock);
  const open = new OpenBuilds(new BuildQueue(config.QUOTA_RUNNING_BUILDS));
  const limits = new Limits(limitsOf(config));
  const usage = new Usage();
  const agents = hearAgents(nats, { clock, logger });
  const jobs = jobQueue(nats, logger);
  const ready = readyAgents(agents);
  watchQueue({ open, agents: ready, buildNodes: config.BUILD_NODES, nats });
  const elsewhere = new Elsewhere(jobs, ready);
  const logArrived = (buildId: string): Promise<boolean> => logHasArrived(nats, buildId);
  const reportDesk = { builds, logs, logHasArrived: logArrived, elsewhere, clock };
  const counts = { open, usage, limits, clock };
  const services = answerCommands({ config, store, nats, logger, builds, logs, counts, agents, elsewhere });
  const lane = { nats, dependencies: () => store.ping(), logger };
  const record = (report: Report): Promise<void> => recordReport(reportDesk, report);
  const loops = Promise.all([
    relayJobs({ store, open, limits, usage, jobs, agents: ready, restoreTopology, clock, logger }, signal),
    consumeReports({ ...lane, record, loseAttempt: (report, why) => loseAttempt(reportDesk, report, why) }, signal),
    consumeLogs({ ...lane, record: (header, chunk) => recordChunk({ builds, logs }, header, chunk) }, signal),
  ]);
  loops.catch((error: unknown) => {
    logger.error({ error }, 'a loop of the orchestrator ended');
    process.kill(process.pid, 'SIGTERM');
  });
  await nats.flush(); // whoever is told that this one is ready may ask it at once
  const health = await startHealthServer({
    port: config.HEALTH_PORT,
    host: config.HEALTH_HOST,
    checks: {
      nats: () => checkConnection(nats),
      'event-store': () => store.ping().then(() => undefined),
    },
  });
  logger.info({ healthPort: health.port }, 'health served');

  return {
    stop: async () => {
      await Promise.all(services.map((service) => service.stop()));
      await loops.catch(() => undefined);
      await health.close();
      await nats.close();
      await store.close();
    },
  };
}

function answerCommands({
  config,
  store,
  nats,
  logger,
  builds,
  logs,
  counts,
  agents,
  elsewhere,
}: {
  readonly config: OrchestratorConfig;
  readonly store: EventStore;
  readonly nats: NatsConnection;
  readonly logger: Logger;
  readonly builds: ReturnType<typeof buildDesk>;
  readonly logs: ReturnType<typeof logDesk>;
  readonly counts: Counts;
  readonly agents: AgentRegistry;
  readonly elsewhere: Elsewhere;
}): readonly { readonly stop: () => Promise<void> }[] {
  const { open, clock } = counts;
  const hosts = codeHosts(codeHostBases(config), codeHostSshBases(config));
  const registry = config.REGISTRY_URL ? connectRegistry(config.REGISTRY_URL) : noRegistry;
  const nameImage = imageNaming(store, registry);
  const moveTag = tagDesk(store, registry, clock);
  const onError = (error: unknown, subject: string): void => logger.error({ error, subject }, 'command failed');
  const common = { queue: QUEUE, onError };
  const quotas = new Quotas(counts);
  const networkPolicies = { initial: config.NETWORK_POLICY_DEFAULT, loosest: config.NETWORK_POLICY_LOOSEST };
  return [
    ...answerAgents({ nats, store, builds, logs, quotas, elsewhere, nameImage, moveTag, clock }, common),
    ...answerHolders({ nats, store, builds }, common),
    ...answerUsers({ nats, store, builds, quotas, networkPolicies, logs, hosts, clock }, common),
    serve(nats, {
      ...common,
      subject: querySubjects.buildPlace,
      schema: BuildPlaceQuery,
      handle: (asked) => placeOfBuild({ open, agents }, asked),
    }),
    serve(nats, {
      ...common,
      subject: querySubjects.quota,
      schema: QuotaQuery,
      handle: (asked) => quotas.of(asked),
    }),
    ...answerAboutAgents({ nats, agents, clock }, common),
    ...answerAboutDeadLetters({ nats, logger }, common),
    serve(nats, {
      ...common,
      subject: commandSubjects.openBuilds,
      schema: OpenBuildsRequest,
      handle: (asked) => openBuildsOf(open, asked),
    }),
  ];
}

const limitsOf = (config: OrchestratorConfig): QuotaLimits => ({
  queuedBuilds: config.QUOTA_QUEUED_BUILDS,
  runningBuilds: config.QUOTA_RUNNING_BUILDS ?? Number.POSITIVE_INFINITY,
  buildMinutes: config.QUOTA_BUILD_MINUTES ?? Number.POSITIVE_INFINITY,
  logBytes: config.QUOTA_LOG_BYTES ?? Number.POSITIVE_INFINITY,
});
