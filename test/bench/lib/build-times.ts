import { streams } from '@slipway/contracts';
import { buildCodec, connectEventStore } from '@slipway/event-store';
import { silentLogger } from '@slipway/platform';

/** When a subscriber of the event store heard of it, ms by the clock of this process alone. */
export interface BuildTimes {
  readonly requestedAt: number;
  readonly leasedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly agentId: string | undefined;
  /** How often an agent took it. */
  readonly attempts: number;
  readonly succeeded: boolean;
}

export interface FollowedBuilds {
  readonly times: ReadonlyMap<string, BuildTimes>;
  /** How many of these have ended. */
  readonly ended: (ids: Iterable<string>) => number;
  readonly stop: () => Promise<void>;
}

/** Hears of every build from the event store, as the services do. */
export function followBuilds(url: string): FollowedBuilds {
  const times = new Map<string, BuildTimes>();
  const store = connectEventStore({ url, logger: silentLogger });
  const over = new AbortController();
  const change = (id: string, changed: Partial<BuildTimes>): void => {
    const before = times.get(id);
    if (before) times.set(id, { ...before, ...changed });
  };
  const following = (async () => {
    for await (const item of store.subscribeAll({
      after: undefined,
      prefixes: [streams.build('')],
      signal: over.signal,
    })) {
      const event = item.kind === 'event' ? buildCodec.decode(item.event) : undefined;
      if (!event) continue;
      const { buildId } = event.data;
      const now = performance.now();
      if (event.type === 'BuildRequested') times.set(buildId, asked(now));
      if (event.type === 'AttemptLeased') {
        const { agentId, attempt: attempts } = event.data;
        change(buildId, { leasedAt: now, agentId, attempts });
      }
      if (event.type === 'BuildSucceeded') change(buildId, { endedAt: now, succeeded: true });
      if (event.type === 'BuildFailed' || event.type === 'BuildCancelled') change(buildId, { endedAt: now });
    }
  })();
  following.catch((error: unknown) => console.error('builds are not followed any more:', error));
  return {
    times,
    ended: (ids) => [...ids].filter((id) => times.get(id)?.endedAt !== undefined).length,
    stop: async () => {
      over.abort();
      await following.catch(() => undefined);
      await store.close();
    },
  };
}

const asked = (requestedAt: number): BuildTimes => ({
  requestedAt,
  leasedAt: undefined,
  endedAt: undefined,
  agentId: undefined,
  attempts: 0,
  succeeded: false,
});
