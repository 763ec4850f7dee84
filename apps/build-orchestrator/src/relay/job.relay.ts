import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { streams, subjects, type Job } from '@slipway/contracts';
import { buildCodec, type EventStore, type Position } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { offer, pause, STREAMS } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import type { OpenBuild, OpenBuilds } from './open-builds.js';
import { readRelayCheckpoint, writeRelayCheckpoint } from './relay-checkpoint.js';

/** How often queued builds and the queue are compared, and the place to restart from is written, ms. */
const SWEEP_MS = 5_000;
/** Offers under way at once when many builds have to be offered again. */
const OFFERS_AT_ONCE = 64;

/** Builds; and repositories, so that it is known at once when everything before one of their events was read. */
const PREFIXES = [streams.build(''), streams.repository('', '').slice(0, -'.'.length)];

interface Relay {
  readonly nats: NatsConnection;
  readonly store: EventStore;
  /** Is filled here; others may ask it. */
  readonly open: OpenBuilds;
  /** Brings the streams back after JetStream was wiped. */
  readonly restoreTopology: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Offers every queued build to the agents: the event store is the outbox, JetStream only carries. Any number of
 * orchestrators may run it, because a job lies in the queue once. Resolves when `signal` is aborted.
 */
export async function relayJobs(relay: Relay, signal: AbortSignal): Promise<void> {
  const start = await readRelayCheckpoint(relay.store);
  relay.open.begin(start);
  const following: Following = { open: relay.open, start, isCaughtUp: false };
  await Promise.all([follow(relay, following, signal), sweepAgainAndAgain(relay, following, signal)]);
}

interface Following {
  readonly open: OpenBuilds;
  readonly start: Position | undefined;
  /** Before that, history is read: what it left queued is not known yet. */
  isCaughtUp: boolean;
}

async function follow(relay: Relay, following: Following, signal: AbortSignal): Promise<void> {
  const { open, start: after } = following;
  for await (const item of relay.store.subscribeAll({ after, prefixes: PREFIXES, signal })) {
    if (item.kind === 'checkpoint') open.seen(item.position);
    if (item.kind === 'caught-up' && !following.isCaughtUp) {
      following.isCaughtUp = true;
      open.complete();
      await offerAll(relay, open.queued());
    }
    if (item.kind !== 'event') continue;
    const event = buildCodec.decode(item.event);
    if (!event) open.seen(item.event.position);
    const change = event && open.apply(event, item.event.position);
    if (change && following.isCaughtUp) void (change.kind === 'offer' ? offerBuild : withdrawJob)(relay, change.build);
  }
}

async function sweepAgainAndAgain(relay: Relay, following: Following, signal: AbortSignal): Promise<void> {
  const { open } = following;
  let written: Position | undefined;
  while (!signal.aborted) {
    await pause(SWEEP_MS, signal);
    if (signal.aborted || !following.isCaughtUp) continue;
    try {
      await sweep(relay, open);
      const after = open.restartAfter;
      if (after !== undefined && after !== written) await writeRelayCheckpoint(relay.store, after, relay.clock);
      written = after;
    } catch (error) {
      relay.logger.warn({ error }, 'queue not compared, will be again');
    }
  }
}

/**
 * Every open build has its job in the queue, also while an agent is at it: that is what makes it come again when the
 * agent dies. Fewer jobs than open builds means that some were forgotten. Offering one that is there changes nothing,
 * and an agent at work keeps its build (see claimBuild).
 */
async function sweep(relay: Relay, open: OpenBuilds): Promise<void> {
  const builds = open.all();
  const held = await jobsHeld(relay);
  if (held >= builds.length) return;
  relay.logger.warn({ open: builds.length, held }, 'jobs are missing from the queue, offering again');
  await offerAll(relay, builds);
}

async function jobsHeld({ nats, restoreTopology }: Relay): Promise<number> {
  const manager = await jetstreamManager(nats);
  try {
    return (await manager.streams.info(STREAMS.queue)).state.messages;
  } catch {
    await restoreTopology();
    return 0;
  }
}

async function offerAll(relay: Relay, builds: readonly OpenBuild[]): Promise<void> {
  const rest = [...builds];
  const worker = async (): Promise<void> => {
    for (let build = rest.shift(); build; build = rest.shift()) await offerBuild(relay, build);
  };
  await Promise.all(Array.from({ length: OFFERS_AT_ONCE }, worker));
}

/** A failed offer is no loss: the sweep finds it. */
async function offerBuild({ nats, logger }: Relay, { buildId, buildNode, requestedAt }: OpenBuild): Promise<void> {
  const job: Job = { buildId, buildNode, requestedAt };
  try {
    const isNew = await offer(jetstream(nats), subjects.queue(buildNode, buildId), JSON.stringify(job));
    if (isNew) logger.debug({ buildId, buildNode }, 'job offered');
  } catch (error) {
    logger.warn({ buildId, buildNode, error }, 'job not offered yet');
  }
}

/** Nobody needs to take it to learn that the build is over. One that stays is no harm: whoever claims it is told. */
async function withdrawJob({ nats, logger }: Relay, { buildId, buildNode }: OpenBuild): Promise<void> {
  try {
    const manager = await jetstreamManager(nats);
    await manager.streams.purge(STREAMS.queue, { filter: subjects.queue(buildNode, buildId) });
  } catch (error) {
    logger.debug({ buildId, buildNode, error }, 'job not withdrawn');
  }
}
