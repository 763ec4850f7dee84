import { specify } from '@slipway/testing';
import { codeHosts } from '../code-host/code-host.js';
import { repository } from './repository.js';
import { configured, created, createRepository, keyIssued, latest } from './repository.fixtures.js';

const given = specify(repository);
const present = [created(), configured(), keyIssued()];
const onGitCafe = { client: 'GitCafe', namespace: 'alice', name: 'app' } as const;

describe('repository', () => {
  it('is created with its build config and its deploy key', () =>
    given().when(createRepository()).then(created(), configured(), keyIssued()));

  it('stays quiet when the same command comes again with fresh ids, keys and time', () =>
    given(...present)
      .when(
        createRepository({
          configId: 99,
          tagConfigs: [{ ...latest, id: 98 }],
          publicKey: 'ssh-ed25519 BBBB',
          at: '2026-11-23T11:00:00.000Z',
        }),
      )
      .thenNothing());

  it.each([
    { description: 'another' },
    { fullDescription: 'another' },
    { isPublic: false },
    { createdBy: 'bob' },
    { buildNode: 'cn' },
    { emailEnabled: true },
    { reconcileIntervalS: 0 },
    { source: { client: 'GitHub', namespace: 'alice', name: 'other' } },
    { source: { client: 'GitHub', namespace: 'bob', name: 'app' } },
    { source: { client: 'Bitbucket', namespace: 'alice', name: 'app' } },
    { source: { client: 'Simple', cloneUrl: 'https://github.com/alice/app.git' } },
    { tagConfigs: [] },
    { tagConfigs: [latest, { ...latest, dockerRepoTag: 'next' }] },
    { tagConfigs: [{ ...latest, refType: 'tag' }] },
    { tagConfigs: [{ ...latest, refName: 'main' }] },
    { tagConfigs: [{ ...latest, dockerRepoTag: 'next' }] },
    { tagConfigs: [{ ...latest, buildContextPath: '/a' }] },
    { tagConfigs: [{ ...latest, dockerfileLocation: '/a' }] },
    { tagConfigs: [{ ...latest, isActive: true }] },
    { tagConfigs: [{ ...latest, cacheEnabled: false }] },
    { tagConfigs: [{ ...latest, versionTagging: 2 }] },
  ] as const)('refuses another repository of the same name: %j', (change) =>
    given(...present)
      .when(createRepository(change))
      .thenRejects('REPOSITORY_EXISTS'),
  );

  it('refuses a source on a host that has closed', () =>
    given()
      .when(createRepository({ source: onGitCafe }))
      .thenRejects('CODE_HOST_CLOSED'));

  it('takes a source on its mirror', () =>
    given()
      .when(createRepository({ source: onGitCafe, hosts: codeHosts({ GitCafe: 'https://cafe.example' }) }))
      .then(created(), configured({ source: onGitCafe }), keyIssued()));

  it('knows its build config and its sealed deploy key', () =>
    expect(present.reduce(repository.evolve, repository.initial)).toMatchObject({
      phase: 'present',
      configId: 3,
      source: { client: 'GitHub', namespace: 'alice', name: 'app' },
      tagConfigs: [latest],
      deployKey: { publicKey: 'ssh-ed25519 AAAA', privateKey: { keyId: '01234567' } },
    }));
});
