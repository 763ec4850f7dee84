import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { jetstream, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  commandSubjects,
  PublishReply,
  type ClaimReply,
  type Failure,
  type Job,
  type Lease,
  type PublishRequest,
} from '@slipway/contracts';
import type { Egress } from '@slipway/egress';
import { AppError, systemClock as clock } from '@slipway/kernel';
import { pause, request, traceparentOf } from '@slipway/messaging';
import { annotate, SPANS, traced, type Logger } from '@slipway/platform';
import { tracedAttempt } from '../attempt/attempt-span.js';
import { machineFailure } from '../attempt/machine-failure.js';
import { runAttempt, sayFailure, type AttemptTools, type Outcome } from '../attempt/run-attempt.js';
import { logPublisher } from '../attempt/log-publisher.js';
import type { Builder } from '../builder/builder.js';
import type { Belongings } from '../collect/belongings.js';
import type { AgentConfig } from '../config.js';
import { claim } from '../lease/claim.js';
import { CancelAsked, HandBackAsked, HeldLease, LeaseEnded } from '../lease/held-lease.js';
import { AttemptLog } from '../log/index.js';
import { SecretMask } from '../mask/secret-mask.js';
import { traitsOf } from '../presence/traits.js';
import { deliverFinal } from '../reports/deliver-final.js';
import type { FinalReport, FinalReports } from '../reports/final-reports.js';
import { ReportLane } from '../reports/report-lane.js';
import { askBuildSecrets, NOTHING_SECRET } from '../secrets/ask-build-secrets.js';
import { askDeployKey } from '../source/ask-deploy-key.js';
import type { Source } from '../source/source.js';
import type { AtWork } from './at-work.js';

const PUBLISH_LIMIT_MS = 30_000;
const PUBLISH_RETRY_MS = 500;
const STOPPING: Failure = {
  code: 'AGENT_STOPPING',
  message: 'the agent is taken out of service',
  step: null,
  exitCode: null,
  lastLines: [],
};
const INTERNAL: Failure = {
  code: 'INTERNAL',
  message: 'the agent ran into an error of its own',
  step: null,
  exitCode: null,
  lastLines: [],
};

export interface Agent {
  readonly config: AgentConfig;
  readonly nats: NatsConnection;
  readonly source: Source;
  readonly builder: Builder;
  /** To hosts that users name. */
  readonly egress: Egress;
  readonly finalReports: FinalReports;
  /** The builds it is at. */
  readonly atWork: AtWork;
  /** What it makes on its disk and its engine. */
  readonly belongings: Belongings;
  readonly logger: Logger;
}

/** How a job is stopped. */
export interface JobSignals {
  /** Ends it at once; nothing is said. */
  readonly signal: AbortSignal;
  /** Its work ends, and the attempt is given back. */
  readonly handBack: AbortSignal;
}

type Granted = Extract<ClaimReply, { answer: 'granted' }>;

/**
 * The life of one job: claim it, run the attempt under its lease, deliver the outcome, and only then acknowledge.
 * Whoever may have lost the lease says nothing to JetStream: the job comes to somebody again by itself.
 */
export function runJob(agent: Agent, job: Job, message: JsMsg, signals: JobSignals): Promise<void> {
  const attributes = { 'slipway.build_id': job.buildId, 'slipway.agent_id': agent.config.AGENT_ID };
  const span = { kind: 'consumer', isRoot: true, from: traceparentOf(message), attributes } as const;
  return traced(SPANS.job, span, () => takeJob(agent, job, message, signals));
}

async function takeJob(
  agent: Agent,
  { buildId }: Job,
  message: JsMsg,
  { signal, handBack }: JobSignals,
): Promise<void> {
  const { config, nats, logger } = agent;
  const lease: Lease = { buildId, agentId: config.AGENT_ID, leaseId: randomUUID() };
  const keeping = { ackWaitMs: config.ACK_WAIT_MS, putOff: () => message.working() };
  const answer = await claim(nats, { ...lease, traits: traitsOf(config) }, { ...keeping, signal });
  annotate({ 'slipway.outcome': answer?.answer ?? 'no answer' });
  if (!answer || answer.answer === 'held') return; // silence: the job comes again
  if (answer.answer === 'over') return void (await message.ackAck());

  const fields = { buildId, attempt: answer.attempt, leaseId: lease.leaseId };
  logger.info(fields, 'attempt started');
  const held = new HeldLease(nats, lease, keeping);
  const stop = (): void => held.end('agent-stopping');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop(); // while it was claimed
  const leaveOff = (): void => held.handBack();
  handBack.addEventListener('abort', leaveOff, { once: true });
  if (handBack.aborted) leaveOff();
  using _ = agent.atWork.begin(buildId);
  let unheard: FinalReport | undefined;
  try {
    const report = await tracedAttempt(aboutAttempt(lease, answer), () => attemptUnder(agent, lease, answer, held));
    await agent.finalReports.keep(report).catch((error: unknown) => {
      logger.error({ ...fields, error }, 'final report not kept: it is told once, by this life alone'); // a full disk
    });
    unheard = report;
    const verdict = await traced(SPANS.finalReport, {}, () => deliverFinal(jetstream(nats), report, held));
    await agent.finalReports.discard(report);
    logger.info({ ...fields, verdict, status: report.outcome.status }, 'attempt ended');
    if (verdict === 'over') await message.ackAck();
  } catch (error) {
    if (!(error instanceof LeaseEnded)) throw error;
    if (error.why === 'over') await message.ackAck(); // this lease was the last to hold the build
    logger.warn({ ...fields, why: error.why }, 'attempt given up');
    // The slot stays taken: nobody answers, so no job could be claimed either.
    if (unheard) await deliverUntilHeard(agent, unheard, { signal, why: error.why });
  } finally {
    signal.removeEventListener('abort', stop);
    handBack.removeEventListener('abort', leaveOff);
    held.release();
  }
}

const aboutAttempt = ({ buildId, agentId }: Lease, { attempt, spec }: Granted) => ({
  'slipway.build_id': buildId,
  'slipway.agent_id': agentId,
  'slipway.attempt': attempt,
  'slipway.repository': `${spec.namespace}/${spec.repoName}`,
});

async function attemptUnder(
  agent: Agent,
  lease: Lease,
  { attempt, requestedAt, spec }: Granted,
  held: HeldLease,
): Promise<FinalReport> {
  const { config, nats } = agent;
  const stream = jetstream(nats);
  const speaker = { ...lease, attempt };
  const mask = new SecretMask();
  mask.add([config.REGISTRY_URL.login?.password.reveal() ?? '']);
  const log = new AttemptLog({
    mask,
    publish: logPublisher(stream, speaker, held.signal),
    limits: { maxBytes: config.LOG_MAX_BYTES },
  });
  const reports = new ReportLane(stream, speaker, clock, held.signal);
  const tools: AttemptTools = {
    ...toolsOf(agent),
    log,
    mask,
    reports,
    deployKey: askDeployKey(nats, lease),
    askSecrets: agent.builder.kind === 'dummy' ? async () => NOTHING_SECRET : askBuildSecrets(nats, lease),
    publish: (image) => publishTags(nats, { ...lease, ...image }, held),
    assertWanted: () => held.assertWanted(),
  };
  const outcome = await runAttempt({ buildId: lease.buildId, attempt, requestedAt, spec }, tools, held.work).catch(
    (error: unknown) => outcomeOf(error, agent, held, log),
  );
  const logLines = await log.close();
  await reports.flush();
  held.assertCurrent();
  return { type: 'ended', reportId: randomUUID(), ...speaker, at: clock.now(), outcome, logLines };
}

function toolsOf({ config, source, builder, egress, belongings }: Agent) {
  const { host, login } = config.REGISTRY_URL;
  return {
    source,
    builder,
    egress,
    belongings,
    workspaceRoot: join(config.AGENT_STATE_DIR, 'workspaces'),
    registryHost: host,
    credentials: new Map(login ? [[host, login]] : []),
    limits: {
      contextMaxBytes: config.CONTEXT_MAX_BYTES,
      contextMaxFiles: config.CONTEXT_MAX_FILES,
      silenceTimeoutMs: config.BUILD_SILENCE_TIMEOUT_MS,
      buildTimeoutMs: config.BUILD_TIMEOUT_MS,
      pushSilenceTimeoutMs: config.PUSH_SILENCE_TIMEOUT_MS,
    },
  };
}

/**
 * Of an attempt that did not come to its own end, and has stopped: nothing of it runs any more. A bug of the agent must
 * not leave a build hanging: it fails, and says so. @throws LeaseEnded
 */
async function outcomeOf(
  error: unknown,
  { logger, config }: Agent,
  held: HeldLease,
  log: AttemptLog,
): Promise<Outcome> {
  held.signal.throwIfAborted();
  if (held.work.reason instanceof CancelAsked) {
    await log.line(`build cancelled by ${held.work.reason.by}`, 'WARNING');
    return { status: 'cancelled' };
  }
  if (held.work.reason instanceof HandBackAsked) {
    await sayFailure(log, STOPPING);
    return { status: 'failed', failure: STOPPING };
  }
  logger.error({ error, agentId: config.AGENT_ID }, 'attempt failed in the agent');
  const failure = machineFailure(error) ?? INTERNAL;
  await sayFailure(log, failure);
  return { status: 'failed', failure };
}

/** Asks until the tags are moved. @throws LeaseEnded; CancelAsked; AppError REGISTRY_UNAVAILABLE when nobody could for too long */
async function publishTags(nats: NatsConnection, image: PublishRequest, held: HeldLease) {
  const until = performance.now() + PUBLISH_LIMIT_MS;
  for (;;) {
    held.assertWanted();
    try {
      const options = { reply: PublishReply, timeoutMs: PUBLISH_LIMIT_MS };
      return (await request(nats, commandSubjects.publishBuild, image, options)).tags;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.kind === 'superseded' || error.code === 'BUILD_CLOSED') held.end('stale');
      if (error.code === 'BUILD_CANCELLING') await held.renew(); // tells who cancelled it
      held.work.throwIfAborted();
      if (error.kind !== 'unavailable' && error.kind !== 'conflict') throw error;
      if (performance.now() > until)
        throw new AppError('REGISTRY_UNAVAILABLE', { buildId: image.buildId }, { cause: error });
      await pause(PUBLISH_RETRY_MS, held.work);
    }
  }
}

/** What an earlier life of this agent did not get rid of. Ends when each was accepted or refused, or at `signal`. */
export async function deliverKept(agent: Agent, signal: AbortSignal): Promise<void> {
  for (const report of await agent.finalReports.kept())
    if (!signal.aborted) await deliverUntilHeard(agent, report, { signal, why: 'unrenewed' });
}

/** While nobody answers it stays kept. `why`: the lease under which it was sent last has ended. */
async function deliverUntilHeard(
  agent: Agent,
  report: FinalReport,
  { signal, why }: { readonly signal: AbortSignal; readonly why: LeaseEnded['why'] },
): Promise<void> {
  let verdict = why;
  while (verdict === 'unrenewed') verdict = await deliverOnce(agent, report, signal);
  if (verdict === 'agent-stopping') return;
  await agent.finalReports.discard(report);
  agent.logger.info({ buildId: report.buildId, verdict }, 'kept report delivered');
}

async function deliverOnce(
  { nats, config }: Agent,
  report: FinalReport,
  signal: AbortSignal,
): Promise<LeaseEnded['why']> {
  const { buildId, agentId, leaseId } = report;
  const lease = { buildId, agentId, leaseId };
  const held = new HeldLease(nats, lease, { ackWaitMs: config.ACK_WAIT_MS, putOff: () => {} });
  const stop = (): void => held.end('agent-stopping');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await deliverFinal(jetstream(nats), report, held);
  } catch (error) {
    if (!(error instanceof LeaseEnded)) throw error;
    return error.why;
  } finally {
    signal.removeEventListener('abort', stop);
    held.release();
  }
}
