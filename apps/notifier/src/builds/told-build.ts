import { streams, type BuildView } from '@slipway/contracts';
import { buildCodec, type EventStore } from '@slipway/event-store';
import { buildProjection, buildView, type BuildRow } from '@slipway/read-model';

export interface ToldBuild {
  readonly build: BuildView;
  readonly namespace: string;
  readonly repoName: string;
  /** When the event happened that it is told for. */
  readonly at: string;
}

/** The build as the API showed it right after one of its events, so that every try says the same. */
export async function toldBuild(
  store: EventStore,
  { buildId, eventNumber }: { readonly buildId: string; readonly eventNumber: number },
): Promise<ToldBuild> {
  const stored = await store.read(streams.build(buildId), { max: eventNumber + 1 });
  const row = stored.reduce<BuildRow | undefined>((folded, item) => {
    const event = buildCodec.decode(item);
    return event === undefined ? folded : buildProjection.evolve(folded, { event, position: item.position });
  }, undefined);
  const last = stored.at(-1);
  if (!row || !last) throw new Error(`build ${buildId} has no events`);
  return { build: buildView(row), namespace: row.namespace, repoName: row.repo_name, at: last.metadata.at };
}
