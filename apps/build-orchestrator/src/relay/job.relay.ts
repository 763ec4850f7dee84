import { streams } from '@slipway/contracts';
import { buildCodec, type EventStore, type Position } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { pause } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import { isAtWork } from '../queue/lane.js';
import type { ReadyAgent } from '../queue/capacity.js';
import type { JobQueue } from './job-queue.js';
import type { OpenBuild, OpenBuilds } from './open-builds.js';
import { readRelayCheckpoint, writeRelayCheckpoint } from './relay-checkpoint.js';

/** How often open builds and jobs are compared, and the place to restart from is written, ms. */
const SWEEP_MS = 5_000;
/** How often it is looked who is there, ms. */
const AGENTS_MS = 250;
/** Offers under way at once when jobs were forgotten. */
const OFFERS_AT_ONCE = 64;

/** Builds; and repositories, so that it is known at once when everything before one of their events was read. */
const PREFIXES = [streams.build(''), streams.repository('', '').slice(0, -'.'.length)];

interface Relay {
  readonly store: EventStore;
  readonly jobs: JobQueue;
  /** Is filled here; others may ask it. */
  readonly open: OpenBuilds;
  /** The agents that take jobs now; the same array while nothing has changed. */
  readonly agents: () => readonly ReadyAgent[];
  /** Brings the streams back after JetStream was wiped. */
  readonly restoreTopology: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Offers waiting builds to the agents, so many as they have room for, in the order of the queue: the event store is the
 * outbox, JetStream only carries. Any number of orchestrators may run it, because a job lies in the queue once, and
 * because all of them choose alike. Resolves when `signal` is aborted.
 */
export async function relayJobs(relay: Relay, signal: AbortSignal): Promise<void> {
  const start = await readRelayCheckpoint(relay.store);
  relay.open.begin(start);
  const following: Following = { start, isCaughtUp: false };
  await Promise.all([
    follow(relay, following, signal),
    sweepAgainAndAgain(relay, following, signal),
    watchAgents(relay, following, signal),
  ]);
}

interface Following {
  readonly start: Position | undefined;
  /** Before that, history is read: what it left waiting is not known yet. */
  isCaughtUp: boolean;
}

async function follow(relay: Relay, following: Following, signal: AbortSignal): Promise<void> {
  const { store, open, jobs } = relay;
  for await (const item of store.subscribeAll({ after: following.start, prefixes: PREFIXES, signal })) {
    if (item.kind === 'checkpoint') open.seen(item.position);
    if (item.kind === 'caught-up' && !following.isCaughtUp) {
      open.complete();
      await compare(relay).catch((error: unknown) => relay.logger.warn({ error }, 'queue not compared yet'));
      following.isCaughtUp = true;
      offerNext(relay);
    }
    if (item.kind !== 'event') continue;
    const event = buildCodec.decode(item.event);
    if (!event) open.seen(item.event.position);
    const withdrawn = event && open.apply(event, item.event.position);
    if (!event || !following.isCaughtUp) continue;
    if (withdrawn) void jobs.withdraw(withdrawn);
    offerNext(relay);
  }
}

/** As many as the agents have room for. */
function offerNext({ open, jobs }: Relay): void {
  for (let build = open.queue.next(); build; build = open.queue.next()) {
    open.offered(build.buildId);
    void jobs.offer(build);
  }
}

async function watchAgents(relay: Relay, following: Following, signal: AbortSignal): Promise<void> {
  let known: readonly ReadyAgent[] = [];
  while (!signal.aborted) {
    const now = relay.agents();
    if (now !== known) relay.open.queue.setAgents(now);
    known = now;
    if (following.isCaughtUp) offerNext(relay);
    await pause(AGENTS_MS, signal);
  }
}

async function sweepAgainAndAgain(relay: Relay, following: Following, signal: AbortSignal): Promise<void> {
  const { open } = relay;
  let written: Position | undefined;
  while (!signal.aborted) {
    await pause(SWEEP_MS, signal);
    if (signal.aborted || !following.isCaughtUp) continue;
    try {
      await compare(relay);
      offerNext(relay);
      const after = open.restartAfter;
      if (after !== undefined && after !== written) await writeRelayCheckpoint(relay.store, after, relay.clock);
      written = after;
    } catch (error) {
      relay.logger.warn({ error }, 'queue not compared, will be again');
    }
  }
}

/**
 * A build that is offered has its job in the queue, also while an agent is at it: that is what makes it come again when
 * the agent dies. What the queue forgot is offered again: that changes nothing where a job is there, and an agent at
 * work keeps its build (see claimBuild). What another orchestrator has offered counts as offered here too.
 */
async function compare({ jobs, open, restoreTopology, logger }: Relay): Promise<void> {
  const offered = open.all().filter(isAtWork); // before the queue is read: what is offered meanwhile is not missing
  const held = await jobs.held().catch(async () => {
    await restoreTopology();
    return new Set<string>();
  });
  for (const buildId of held) open.offered(buildId);
  const missing = offered.filter(({ buildId }) => !held.has(buildId) && open.get(buildId) !== undefined);
  if (missing.length === 0) return;
  logger.warn({ missing: missing.length, held: held.size }, 'jobs are missing from the queue, offering again');
  await offerAll(jobs, missing);
}

async function offerAll(jobs: JobQueue, builds: readonly OpenBuild[]): Promise<void> {
  const rest = [...builds];
  const worker = async (): Promise<void> => {
    for (let build = rest.pop(); build; build = rest.pop()) await jobs.offer(build);
  };
  await Promise.all(Array.from({ length: OFFERS_AT_ONCE }, worker));
}
