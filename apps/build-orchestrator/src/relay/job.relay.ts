import { streams } from '@slipway/contracts';
import { buildCodec, namespaceCodec, type EventStore, type Position, type StoredEvent } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { pause } from '@slipway/messaging';
import { observe, secondsSince, type Logger } from '@slipway/platform';
import { isAtWork } from '../queue/lane.js';
import type { ReadyAgent } from '../queue/capacity.js';
import type { Limits } from '../quotas/limits.js';
import type { Usage } from '../quotas/usage.js';
import type { JobQueue } from './job-queue.js';
import type { OpenBuild, OpenBuilds } from './open-builds.js';
import { readRelaySnapshot, writeRelaySnapshot } from './relay-snapshot.js';

/** How often open builds and jobs are compared, ms. */
const SWEEP_MS = 5_000;
/** How often the place to restart from is written, ms. */
const SNAPSHOT_MS = 60_000;
/** How often it is looked who is there, ms. */
const AGENTS_MS = 250;
/** Offers under way at once when jobs were forgotten. */
const OFFERS_AT_ONCE = 64;

/** Builds; namespaces, for their quotas; and repositories, so that it is known at once when everything before one of their events was read. */
const PREFIXES = [streams.build(''), streams.namespace(''), streams.repository('', '').slice(0, -'.'.length)];

interface Relay {
  readonly store: EventStore;
  readonly jobs: JobQueue;
  /** Is filled here; others may ask it. */
  readonly open: OpenBuilds;
  readonly limits: Limits;
  readonly usage: Usage;
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
  const following = await begin(relay);
  await Promise.all([
    follow(relay, following, signal),
    sweepAgainAndAgain(relay, following, signal),
    watchAgents(relay, following, signal),
  ]);
}

interface Following {
  readonly start: Position | undefined;
  /** What happened up to here is in the counts already. */
  readonly countedUpTo: Position;
  /** Before that, history is read: what it left waiting is not known yet. */
  isCaughtUp: boolean;
}

async function begin({ store, open, limits, usage }: Relay): Promise<Following> {
  const snapshot = await readRelaySnapshot(store);
  open.begin(snapshot?.startAfter);
  usage.restore(snapshot?.ended ?? {});
  for (const [namespace, quota] of Object.entries(snapshot?.granted ?? {})) {
    limits.set(namespace, quota);
    open.queue.setLimit(namespace, limits.of(namespace).runningBuilds);
  }
  return { start: snapshot?.startAfter, countedUpTo: snapshot?.countedUpTo ?? -1, isCaughtUp: false };
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
    const withdrawn = apply(relay, following, item.event);
    if (!following.isCaughtUp) continue;
    observe('slipway_relay_lag_seconds', secondsSince(Date.parse(item.event.metadata.at)));
    if (withdrawn) void jobs.withdraw(withdrawn);
    offerNext(relay);
  }
}

/** Answers the build whose job nobody needs any more. */
function apply({ open, limits, usage }: Relay, { countedUpTo }: Following, stored: StoredEvent): OpenBuild | undefined {
  const { position } = stored;
  const event = buildCodec.decode(stored);
  if (event) {
    usage.apply(event, open.get(event.data.buildId), position > countedUpTo);
    return open.apply(event, position, stored.metadata.traceparent);
  }
  const said = namespaceCodec.decode(stored);
  if (said?.type === 'QuotaSet') {
    const { namespace, quota } = said.data;
    limits.set(namespace, quota);
    open.queue.setLimit(namespace, limits.of(namespace).runningBuilds);
  }
  open.seen(position);
  return undefined;
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
  const snapshots = new Snapshots(relay);
  while (!signal.aborted) {
    await pause(SWEEP_MS, signal);
    if (signal.aborted || !following.isCaughtUp) continue;
    try {
      await compare(relay);
      offerNext(relay);
      await snapshots.takeIfDue();
    } catch (error) {
      relay.logger.warn({ error }, 'queue not compared, will be again');
    }
  }
}

/** Written at once after the start, and now and then while something is counted. */
class Snapshots {
  #takenAtMs = Number.NEGATIVE_INFINITY;
  #written: string | undefined;

  constructor(private readonly relay: Relay) {}

  async takeIfDue(): Promise<void> {
    const { store, open, limits, usage, clock, logger } = this.relay;
    const [startAfter, countedUpTo] = [open.restartAfter, open.position];
    if (startAfter === undefined || countedUpTo === undefined) return;
    const place = `${startAfter}/${usage.changes}`;
    if (place === this.#written || performance.now() - this.#takenAtMs < SNAPSHOT_MS) return;
    const snapshot = { startAfter, countedUpTo, ended: usage.ended(clock.now()), granted: limits.granted() };
    const hadRoom = await writeRelaySnapshot(store, snapshot, clock);
    if (!hadRoom) logger.warn({ namespaces: Object.keys(snapshot.ended).length }, 'too much for a snapshot');
    this.#written = place;
    this.#takenAtMs = performance.now();
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
