import { publicTagsOf, versionTagOf } from './version-tag.js';

const at = '2015-09-02T08:17:42.581Z';
const commit = '552819d5c903472a36696e8ac620ac250e49829d';

describe('the version tag', () => {
  it('is absent for version_tagging 0', () => expect(versionTagOf({ versionTagging: 0 }, at, commit)).toBeNull());

  it('is the time of creation for 1', () =>
    expect(versionTagOf({ versionTagging: 1 }, at, null)).toBe('v20150902.081742'));

  it('is the commit for 2, once it is known', () => {
    expect(versionTagOf({ versionTagging: 2 }, at, null)).toBeUndefined();
    expect(versionTagOf({ versionTagging: 2 }, at, commit)).toBe(commit);
  });

  it('is published after the tag of the config', () =>
    expect(publicTagsOf({ versionTagging: 1, dockerRepoTag: 'latest' }, at, commit)).toEqual([
      'latest',
      'v20150902.081742',
    ]));
});
