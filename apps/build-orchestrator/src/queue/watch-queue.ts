import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { STREAMS } from '@slipway/messaging';
import { secondsSince, watch } from '@slipway/platform';
import type { OpenBuild, OpenBuilds } from '../relay/open-builds.js';
import type { ReadyAgent } from './capacity.js';

/** Shows what waits, for whom, and who is there to take it. */
export function watchQueue({
  open,
  agents,
  buildNodes,
  nats,
}: {
  readonly open: Pick<OpenBuilds, 'all'>;
  readonly agents: () => readonly ReadyAgent[];
  readonly buildNodes: readonly string[];
  readonly nats: NatsConnection;
}): void {
  const byNode = (measure: (builds: readonly OpenBuild[]) => number) => () => {
    const all = open.all();
    return buildNodes.map((node) => ({
      labels: { build_node: node },
      value: measure(all.filter(({ buildNode }) => buildNode === node)),
    }));
  };
  watch(
    'slipway_queued_builds',
    byNode((builds) => builds.filter(isQueued).length),
  );
  watch(
    'slipway_queue_oldest_age_seconds',
    byNode((builds) => oldestAge(builds.filter(isQueued))),
  );
  watch(
    'slipway_running_builds',
    byNode((builds) => builds.length - builds.filter(isQueued).length),
  );
  watch('slipway_ready_agents', () => agents().length);
  watch('slipway_lane_pending_messages', async () => [
    { labels: { lane: 'reports' }, value: await pendingIn(nats, STREAMS.events) },
    { labels: { lane: 'logs' }, value: await pendingIn(nats, STREAMS.logs) },
  ]);
}

const isQueued = ({ stage }: OpenBuild): boolean => stage !== 'running';

function oldestAge(builds: readonly OpenBuild[]): number {
  const oldest = builds.reduce((least, { requestedAt }) => Math.min(least, Date.parse(requestedAt)), Infinity);
  return oldest === Infinity ? 0 : secondsSince(oldest);
}

/** In all lanes of a stream, those under way included. */
async function pendingIn(nats: NatsConnection, stream: string): Promise<number> {
  const manager = await jetstreamManager(nats);
  let pending = 0;
  for await (const { num_pending, num_ack_pending } of manager.consumers.list(stream))
    pending += num_pending + num_ack_pending;
  return pending;
}
