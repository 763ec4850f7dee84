import { BuildListItem, BuildView, type BuildEvent } from '@slipway/contracts';
import { buildEvents, commit, type BuildStory } from '../fixtures/index.js';
import { buildProjection } from './projection.js';
import type { BuildRow } from './table.js';
import { buildListItem, buildView } from './view.js';

const rowOf = (events: readonly BuildEvent[]): BuildRow => {
  const row = events.reduce<BuildRow | undefined>(
    (folded, event, index) => buildProjection.evolve(folded, { event, position: index + 1 }),
    undefined,
  );
  if (!row) throw new Error('no row');
  return row;
};
const viewOf = (story: BuildStory): BuildView => buildView(rowOf(buildEvents(1, story)));

describe('the answer about a build', () => {
  it('is what the contract promises after every event', () => {
    for (const story of [
      buildEvents(1, { lost: 1 }),
      buildEvents(2, { end: 'failed' }),
      buildEvents(3, { end: 'cancelled', isRemoved: true }),
    ])
      for (let length = 1; length <= story.length; length++) {
        const row = rowOf(story.slice(0, length));
        expect(BuildView.parse(buildView(row))).toEqual(buildView(row));
        expect(BuildListItem.parse(buildListItem(row))).toEqual(buildListItem(row));
      }
  });

  it('prints 12 digits of the image id', () =>
    expect(viewOf({})).toMatchObject({ image_id: '000000000000', digest: expect.stringMatching(/^sha256:.{64}$/) }));

  it('names the image repository', () => expect(viewOf({}).docker_repo_path).toBe('alice/app'));

  it('has no version tag for version_tagging 0', () =>
    expect(viewOf({ spec: { versionTagging: 0 } }).docker_repo_version_tag).toBeNull());

  it('has the time of its request as version tag for 1', () =>
    expect(viewOf({ end: 'requested' }).docker_repo_version_tag).toBe('v20261123.100001'));

  it('has the commit as version tag for 2, once it is known', () => {
    expect(viewOf({ spec: { versionTagging: 2 }, end: 'requested' }).docker_repo_version_tag).toBeNull();
    expect(viewOf({ spec: { versionTagging: 2 } }).docker_repo_version_tag).toBe(commit);
  });

  it('links the commit once it is known, where the host has a page for it', () => {
    expect(viewOf({ end: 'requested' }).code_commit_http_url).toBeNull();
    expect(viewOf({}).code_commit_http_url).toBe(`https://github.com/alice/app/commit/${commit}`);
    const urls = { page: null, ref: null, commitPrefix: null };
    expect(viewOf({ spec: { urls } })).toMatchObject({ code_commit_http_url: null, code_repo_http_url: null });
  });

  it.each([
    ['requested', true],
    ['running', false],
    ['succeeded', false],
    ['failed', true],
    ['cancelling', false],
    ['cancelled', true],
  ] as const)('when %s, is removable: %s', (end, isRemovable) =>
    expect(viewOf({ end }).is_removable).toBe(isRemovable),
  );

  it('is not removable twice', () =>
    expect(viewOf({ end: 'failed', isRemoved: true })).toMatchObject({ status: 'D', is_removable: false }));
});
