import { randomUUID } from 'node:crypto';
import type { BuildPlace } from '@slipway/contracts';
import { queueViewOf } from './build-places.js';

const row = {
  build_id: randomUUID(),
  position: 7,
  namespace: 'alauda',
  repo_name: 'test',
  agent: null,
  ended_at: null,
};

/** The status of the builds that are listed for the answer. */
async function listedAt(place: BuildPlace | null): Promise<readonly unknown[]> {
  const listed: unknown[] = [];
  const list: Parameters<typeof queueViewOf>[0]['builds']['list'] = (_, __, filter) => {
    listed.push(filter?.status);
    return Promise.resolve({ rows: [], count: 0, next: null, previous: null });
  };
  await queueViewOf({ places: { of: () => Promise.resolve(place) }, builds: { list } }, row);
  return listed;
}

describe('what builds took is asked of the read model', () => {
  it('where a slot has to change hands first', async () =>
    expect(await listedAt({ waitingReason: 'agents_busy', ahead: 1, slots: 2, free: 1 })).toEqual(['S', 'F']));

  it.each<[string, BuildPlace | null]>([
    ['a slot is free', { waitingReason: 'next', ahead: 0, slots: 2, free: 1 }],
    ['no agent could take the build', { waitingReason: 'no_agent', ahead: 0, slots: 0, free: 0 }],
    ['it does not wait', null],
  ])('nowhere else: %s', async (_, place) => expect(await listedAt(place)).toEqual([]));
});
