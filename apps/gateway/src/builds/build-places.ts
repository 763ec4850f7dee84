import type { NatsConnection } from '@nats-io/transport-node';
import { BuildPlaceReply, querySubjects, type BuildPlace, type BuildQueueView } from '@slipway/contracts';
import { expectedStart, turnsUntilStart } from '@slipway/domain';
import { request } from '@slipway/messaging';
import type { BuildRow, ReadModel } from '@slipway/read-model';

/** How long an answer is waited for, ms: a build is shown without it. */
const ANSWER_LIMIT_MS = 500;

/** Where builds stand that wait: asked of an orchestrator, which offers them to the agents. */
export interface BuildPlaces {
  /** null: it does not wait, or nobody could say in time. Never throws. */
  readonly of: (row: Pick<BuildRow, 'build_id' | 'position'>) => Promise<BuildPlace | null>;
}

export const buildPlaces = (nats: NatsConnection): BuildPlaces => ({
  of: async ({ build_id: buildId, position }) => {
    const options = { reply: BuildPlaceReply, timeoutMs: ANSWER_LIMIT_MS };
    try {
      return (await request(nats, querySubjects.buildPlace, { buildId, position }, options)).place;
    } catch {
      return null; // what else there is to show of the build is shown
    }
  },
});

/** `queue` of a build; null while it has an agent, and afterwards. */
export async function queueViewOf(
  { places, builds }: { readonly places: BuildPlaces; readonly builds: Pick<ReadModel['builds'], 'list'> },
  row: Pick<BuildRow, 'build_id' | 'position' | 'namespace' | 'repo_name' | 'agent' | 'ended_at'>,
): Promise<BuildQueueView | null> {
  const waits = row.ended_at === null && row.agent === null;
  const place = waits ? await places.of(row) : null;
  if (!place) return null;
  const turns = turnsUntilStart(place);
  const durationsMs = turns ? await durationsOf(builds, row) : [];
  const startMs = expectedStart(turns, durationsMs, Date.now());
  return {
    position: place.ahead + 1,
    waiting_reason: place.waitingReason,
    expected_start: startMs === null ? null : new Date(startMs).toISOString(),
  };
}

/** Of the newest page of builds of the repository that succeeded; if none did, of those that failed; ms. */
async function durationsOf(
  builds: Pick<ReadModel['builds'], 'list'>,
  { namespace, repo_name: repoName }: Pick<BuildRow, 'namespace' | 'repo_name'>,
): Promise<readonly number[]> {
  for (const status of ['S', 'F'] as const) {
    const { rows } = await builds.list({ namespace, repoName }, { page: 1 }, { status });
    const durations = rows.flatMap(({ started_at, ended_at }) =>
      started_at !== null && ended_at !== null ? [Date.parse(ended_at) - Date.parse(started_at)] : [],
    );
    if (durations.length > 0) return durations;
  }
  return [];
}
