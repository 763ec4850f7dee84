import { join } from 'node:path';
import type { JsMsg } from '@nats-io/jetstream';
import type { Job } from '@slipway/contracts';
import { egressTo, type Egress } from '@slipway/egress';
import { systemClock as clock } from '@slipway/kernel';
import { checkConnection, connectNats } from '@slipway/messaging';
import { startHealthServer, type Logger, type RunningService } from '@slipway/platform';
import { connectEngine } from './builder/engine.js';
import { dockerBuilder } from './builder/docker.builder.js';
import { dummyBuilder } from './builder/dummy.builder.js';
import type { Builder } from './builder/builder.js';
import { belongingsIn, type Belongings } from './collect/belongings.js';
import type { AgentConfig } from './config.js';
import { guardOf } from './limits/guard-of.js';
import { answerDrain } from './drain/answer-drain.js';
import { DrainMark } from './drain/drain-mark.js';
import { JobsUnderWay } from './drain/jobs-under-way.js';
import { containersOf, machineOf, workspacesOf } from './machine.js';
import { Presence } from './presence/presence.js';
import { suitsOf } from './presence/traits.js';
import { watchAgent } from './presence/watch-agent.js';
import { FinalReports } from './reports/final-reports.js';
import { AtWork } from './slots/at-work.js';
import { JobGate } from './slots/job-gate.js';
import { deliverKept, runJob, type Agent } from './slots/job-runner.js';
import { workSlot } from './slots/work-slot.js';
import { dummySource } from './source/dummy.source.js';
import { gitSource } from './source/index.js';
import type { Source } from './source/source.js';

/** Takes jobs into its slots until `signal` is aborted. */
export async function startAgent(
  config: AgentConfig,
  { logger, signal }: { readonly logger: Logger; readonly signal: AbortSignal },
): Promise<RunningService> {
  const nats = await connectNats({ url: config.NATS_URL, name: `build-agent ${config.AGENT_ID}` });
  const belongings = await belongingsIn(config.AGENT_STATE_DIR);
  const builder = await chooseBuilder(config, belongings);
  const changed = (): void => presence.changed();
  const gate = new JobGate(changed);
  const atWork = new AtWork(changed);
  const machine = await machineOf(config, { gate, atWork, belongings, logger });
  const now = () => ({ builds: atWork.builds, pausedBy: gate.reasons, freeDiskBytes: machine.freeDiskBytes() });
  const presence = new Presence(nats, config, now, clock);
  const egress = egressTo({ privateHosts: config.PRIVATE_HOSTS });
  const agent: Agent = {
    config,
    nats,
    builder,
    egress,
    logger,
    source: sourceOf(config, egress),
    finalReports: new FinalReports(join(config.AGENT_STATE_DIR, 'reports')),
    atWork,
    belongings,
  };
  const mark = new DrainMark(config.AGENT_STATE_DIR);
  gate.set('draining', await mark.isSet());
  await machine.look(); // before the first job
  watchAgent({
    slots: config.AGENT_SLOTS,
    builds: () => atWork.builds,
    pausedBy: () => gate.reasons,
    stateDirectory: config.AGENT_STATE_DIR,
    workspaces: workspacesOf(config),
    keptReports: () => agent.finalReports.count(),
    pingEngine: machine.pingEngine,
  });
  const jobs = new JobsUnderWay();
  const work = (job: Job, message: JsMsg): Promise<void> =>
    jobs.add(runJob(agent, job, message, { signal, handBack: jobs.handBack }));
  const suits = suitsOf(config);
  const slots = Array.from({ length: config.AGENT_SLOTS }, () =>
    workSlot({ nats, buildNode: config.BUILD_NODE, gate, looksLast: machine.looksLast, suits, logger, work }, signal),
  );
  answerDrain(nats, { gate, mark, presence, logger });
  const loops = Promise.all([...slots, deliverKept(agent, signal), presence.tell(signal), machine.watch(signal)]);
  loops.catch((error: unknown) => {
    logger.error({ error }, 'a loop of the agent ended');
    process.kill(process.pid, 'SIGTERM');
  });
  const health = await startHealthServer({
    port: config.HEALTH_PORT,
    host: config.HEALTH_HOST,
    checks: { nats: () => checkConnection(nats) },
  });
  logger.info(
    { healthPort: health.port, agentId: config.AGENT_ID, builder: builder.kind, slots: config.AGENT_SLOTS },
    'agent takes jobs',
  );
  return {
    drain: () => {
      gate.set('stopping', true);
      return jobs.end(config.DRAIN_GRACE_MS, logger);
    },
    stop: async () => {
      const closed = nats.closed();
      await nats.flush().catch(() => undefined);
      await nats.close(); // ends the requests for jobs that wait on the server
      await closed;
      await loops.catch(() => undefined);
      await health.close();
    },
  };
}

function sourceOf(config: AgentConfig, egress: Egress): Source {
  if ((config.SOURCE ?? (config.BUILDER === 'dummy' ? 'dummy' : 'git')) === 'dummy') return dummySource;
  return gitSource({
    egress,
    timeoutMs: config.SOURCE_TIMEOUT_MS,
    maxBytes: config.SOURCE_MAX_BYTES,
    environment: {
      ...process.env,
      ...(config.CODE_HOST_CA_FILE && { GIT_SSL_CAINFO: config.CODE_HOST_CA_FILE }),
    },
  });
}

async function chooseBuilder(config: AgentConfig, belongings: Belongings): Promise<Builder> {
  if (config.BUILDER === 'docker') {
    const docker = connectEngine(config.DOCKER_HOST);
    return dockerBuilder({
      docker,
      proxyUrl: config.BUILD_PROXY_URL,
      guard: await guardOf(config, docker),
      containers: containersOf(config, belongings),
    });
  }
  return dummyBuilder({
    steps: config.DUMMY_STEPS,
    lines: config.DUMMY_LINES,
    lineBytes: config.DUMMY_LINE_BYTES,
    stepMs: config.DUMMY_STEP_MS,
  });
}
