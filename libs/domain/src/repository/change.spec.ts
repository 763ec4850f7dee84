import { specify } from '@slipway/testing';
import { buildConfigRevision } from './change.js';
import { repository } from './repository.js';
import {
  configure,
  configured,
  created,
  createRepository,
  deleted,
  deletionBegan,
  deletionRefused,
  describeAs,
  described,
  keyIssued,
  latest,
  tagChange,
} from './repository.fixtures.js';

const given = specify(repository);
const present = [created(), configured(), keyIssued()];

describe('the description of a repository', () => {
  it('changes in what is said, and stays in the rest', () => {
    given(...present)
      .when(describeAs({ description: 'another' }))
      .then(described({ description: 'another' }));
    given(...present, described({ description: 'another' }))
      .when(describeAs({ isPublic: false, fullDescription: 'long' }))
      .then(described({ description: 'another', isPublic: false, fullDescription: 'long' }));
  });

  it.each([{}, { description: 'an app', fullDescription: '', isPublic: true }])(
    'stays quiet when nothing is new: %j',
    (change) =>
      given(...present)
        .when(describeAs(change))
        .thenNothing(),
  );

  it('can be emptied', () =>
    given(...present)
      .when(describeAs({ description: '' }))
      .then(described({ description: '' })));
});

describe('a build config', () => {
  const byBob = { changedBy: 'bob' };
  const release = { ...latest, id: 91, dockerRepoTag: 'release' };

  it('updates what is named by its id, creates what is not, and removes what is not there', () => {
    const before = configured({ tagConfigs: [latest, { ...latest, id: 5, dockerRepoTag: 'old' }] });
    given(created(), before, keyIssued())
      .when(
        configure({
          tagConfigs: [
            tagChange({ config: { ...latest, id: 90, refName: 'main' } }),
            tagChange({ config: release, knownId: undefined }),
          ],
        }),
      )
      .then(configured({ ...byBob, tagConfigs: [{ ...latest, refName: 'main' }, release] }));
  });

  it('lets a tag go from one of its tag configs to another', () => {
    const before = configured({ tagConfigs: [latest, { ...release, id: 5 }] });
    given(created(), before, keyIssued())
      .when(
        configure({
          tagConfigs: [tagChange({ config: { ...latest, dockerRepoTag: 'release' } }), tagChange({ knownId: 5 })],
        }),
      )
      .then(
        configured({
          ...byBob,
          tagConfigs: [
            { ...latest, dockerRepoTag: 'release' },
            { ...latest, id: 5 },
          ],
        }),
      );
  });

  it('can lose all of its tag configs', () =>
    given(...present)
      .when(configure({ tagConfigs: [] }))
      .then(configured({ ...byBob, tagConfigs: [] })));

  it('changes region and mail', () =>
    given(...present)
      .when(configure({ buildNode: 'cn', emailEnabled: true, reconcileIntervalS: 60 }))
      .then(configured({ ...byBob, buildNode: 'cn', emailEnabled: true, reconcileIntervalS: 60 })));

  it('keeps its source, its region and its mail when nothing is said of them', () => {
    const before = configured({ buildNode: 'cn', emailEnabled: true, reconcileIntervalS: 60 });
    given(created(), before, keyIssued())
      .when(configure({ tagConfigs: [] }))
      .then(configured({ ...byBob, buildNode: 'cn', emailEnabled: true, reconcileIntervalS: 60, tagConfigs: [] }));
  });

  it('stays quiet when nothing is new', () =>
    given(...present)
      .when(configure())
      .thenNothing());

  it('refuses the id of another repository', () => {
    given(...present)
      .when(configure({ tagConfigs: [tagChange({ knownId: 7 })] }))
      .thenRejects('TAG_CONFIG_UNKNOWN');
    given(...present)
      .when(configure({ tagConfigs: [tagChange({ configId: 2 })] }))
      .thenRejects('TAG_CONFIG_UNKNOWN');
    given(...present)
      .when(configure({ tagConfigs: [tagChange({ configId: 3 })] }))
      .thenNothing();
  });

  it('refuses the id of a tag config that was removed', () =>
    given(...present, configured({ tagConfigs: [] }))
      .when(configure())
      .thenRejects('TAG_CONFIG_UNKNOWN'));
});

describe('the revision of a build config', () => {
  const emptied = configured({ tagConfigs: [] });
  const fill = { tagConfigs: [tagChange({ knownId: undefined, config: latest })] };

  it('must be the one that the change was made for', () => {
    given(...present)
      .when(configure({ ifMatch: ['3-1'], tagConfigs: [] }))
      .then(configured({ changedBy: 'bob', tagConfigs: [] }));
    given(...present, emptied)
      .when(configure({ ifMatch: ['3-1'], ...fill }))
      .thenRejects('BUILD_CONFIG_CHANGED');
  });

  it('may be one of several', () =>
    given(...present, emptied)
      .when(configure({ ifMatch: ['3-1', '3-2'], ...fill }))
      .then(configured({ changedBy: 'bob' })));

  it('is asked for before anything else about the change', () =>
    given(...present)
      .when(configure({ ifMatch: [], tagConfigs: [tagChange({ knownId: 7 })] }))
      .thenRejects('BUILD_CONFIG_CHANGED'));

  it('is not that of an earlier repository of the same name', () => {
    const again = [created(), configured({ configId: 8 }), keyIssued()];
    given(...present, deletionBegan(1), deleted(1), ...again)
      .when(configure({ ifMatch: ['3-1'], tagConfigs: [] }))
      .thenRejects('BUILD_CONFIG_CHANGED');
    given(...present, deletionBegan(1), deleted(1), ...again)
      .when(configure({ ifMatch: [buildConfigRevision(8, 1)], tagConfigs: [] }))
      .then(configured({ configId: 8, changedBy: 'bob', tagConfigs: [] }));
  });

  it('does not change with the description', () =>
    given(...present, described({ isPublic: false }))
      .when(configure({ ifMatch: ['3-1'], tagConfigs: [] }))
      .then(configured({ changedBy: 'bob', tagConfigs: [] })));
});

describe('a change', () => {
  it.each([describeAs({ isPublic: false }), configure({ tagConfigs: [] })])('needs a repository: $type', (change) => {
    given().when(change).thenRejects('REPOSITORY_NOT_FOUND');
    given(...present, deletionBegan(1), deleted(1))
      .when(change)
      .thenRejects('REPOSITORY_NOT_FOUND');
  });

  it.each([describeAs({ isPublic: false }), configure({ tagConfigs: [] })])(
    'has to wait for the decision on a deletion: $type',
    (change) => {
      given(...present, deletionBegan(1))
        .when(change)
        .thenRejects('REPOSITORY_CLOSING');
      expect(() =>
        repository.decide(
          change,
          [...present, deletionBegan(1), deletionRefused(1, 2)].reduce(repository.evolve, repository.initial),
        ),
      ).not.toThrow();
    },
  );

  it('is remembered when the repository is created again', () =>
    given(...present, described({ isPublic: false }))
      .when(createRepository())
      .thenRejects('REPOSITORY_EXISTS'));
});
