import { publicTagOfStream, type PublicTagEvent } from '@slipway/contracts';
import type { Projection, Recorded } from '../views/view.js';
import type { PublicTagRow } from './table.js';

/** A TagMoved, and whose tag it is: only the name of its event stream says that. */
export interface LocatedMove {
  readonly stream: string;
  readonly namespace: string;
  readonly repoName: string;
  readonly move: PublicTagEvent['data'];
}

export function located(recorded: readonly Recorded<PublicTagEvent>[]): readonly Recorded<LocatedMove>[] {
  return recorded.flatMap(({ event: { data: move }, position, stored }) => {
    const of = publicTagOfStream(stored.stream);
    if (!of) return [];
    const { namespace, repoName } = of;
    return [{ event: { stream: stored.stream, namespace, repoName, move }, position, stored }];
  });
}

export const publicTagProjection: Projection<PublicTagRow, LocatedMove> = {
  keyOf: ({ event }) => event.stream,
  evolve: (_, { event: { stream, namespace, repoName, move }, position }) => {
    const { tag, buildId: build_id, digest, at: pushed_at } = move;
    return { stream, namespace, repo_name: repoName, tag, position, build_id, digest, pushed_at };
  },
};
