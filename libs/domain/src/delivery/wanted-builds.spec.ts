import type { RefChange, TagConfig } from '@slipway/contracts';
import { latest } from '../repository/repository.fixtures.js';
import { COMMIT } from './payloads.fixtures.js';
import { wantedBuilds } from './wanted-builds.js';

const config = (id: number, refName: string, dockerRepoTag: string): TagConfig => ({
  ...latest,
  id,
  refName,
  dockerRepoTag,
  isActive: true,
});
const branch = (refName: string, commit: string | null = COMMIT): RefChange => ({ refType: 'branch', refName, commit });

describe('the builds that a push wants', () => {
  it('are one a ref and tag config that is for it, at the pushed commit', () =>
    expect(
      wantedBuilds(
        [branch('release/1.2'), branch('main')],
        [config(1, 'main', 'latest'), config(2, 'release/*', 'rel-{1}'), config(3, '/^rel/', 'newest')],
      ),
    ).toEqual({
      builds: [
        { ...branch('release/1.2'), tagConfigId: 2, dockerRepoTag: 'rel-{1}', imageTag: 'rel-1.2' },
        { ...branch('release/1.2'), tagConfigId: 3, dockerRepoTag: 'newest', imageTag: 'newest' },
        { ...branch('main'), tagConfigId: 1, dockerRepoTag: 'latest', imageTag: 'latest' },
      ],
      skipped: [],
    }));

  it('are none of a ref that is gone, has no usable name, or that no tag config is for', () => {
    const notes: RefChange = { refType: null, refName: 'refs/notes/commits', commit: COMMIT };
    const changes = [branch('main', null), branch('-rf'), branch('a b'), notes, branch('other')];
    const { builds, skipped } = wantedBuilds(changes, [config(1, 'main', 'latest')]);
    expect(builds).toEqual([]);
    expect(skipped).toEqual(
      ['REF_DELETED', 'REF_UNUSABLE', 'REF_UNUSABLE', 'REF_UNUSABLE', 'NO_RULE'].map((why, index) => ({
        ...changes[index],
        tagConfigId: null,
        why,
      })),
    );
  });
});
