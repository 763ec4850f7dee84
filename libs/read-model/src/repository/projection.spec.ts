import { RepositoryView, type RepositoryEvent } from '@slipway/contracts';
import { codeHosts, locateCode } from '@slipway/domain';
import { givenRowsOf, instant, repositoryEvents } from '../fixtures/index.js';
import { repositoryProjection } from './projection.js';
import type { RepositoryRow } from './table.js';
import { repositoryRecord, repositoryView, revisionOf, type RepositoryRecord } from './view.js';

const given = givenRowsOf(repositoryProjection);
const events = repositoryEvents('alice', 'app');
const [created, configured, keyIssued] = events as readonly [RepositoryEvent, RepositoryEvent, RepositoryEvent];

const described: RepositoryEvent = {
  type: 'RepositoryDescribed',
  data: { description: 'short', fullDescription: 'long', isPublic: false, changedBy: 'bob', at: instant(5) },
};
const deletionId = '00000000-0000-4000-8000-000000000001';
const began: RepositoryEvent = {
  type: 'RepositoryDeletionBegan',
  data: { deletionId, requestedBy: 'bob', at: instant(6) },
};
const refused: RepositoryEvent = {
  type: 'RepositoryDeletionRefused',
  data: { deletionId, openBuilds: 1, at: instant(7) },
};
const deleted: RepositoryEvent = { type: 'RepositoryDeleted', data: { deletionId, deletedBy: 'bob', at: instant(7) } };

const recordOf = (some: readonly RepositoryEvent[]): RepositoryRecord | undefined => {
  const row = some.reduce<RepositoryRow | undefined>(
    (folded, event, index) => repositoryProjection.evolve(folded, { event, position: index }),
    undefined,
  );
  return row && repositoryRecord(row);
};
const locate = (source: Parameters<typeof locateCode>[0]) => locateCode(source, codeHosts({}));

describe('the row of a repository', () => {
  it('begins without a build config', () =>
    given().when(created).then({ namespace: 'alice', repo_name: 'app', is_public: true, config_id: null }));

  it('takes the build config', () =>
    given(created)
      .when(configured)
      .then({
        config_id: 3,
        config_created_by: 'alice',
        build_node: 'in',
        source: { client: 'GitHub', namespace: 'alice', name: 'app' },
      }));

  it('remembers who made the build config when somebody else changes it', () => {
    const changed = {
      ...configured,
      data: { ...configured.data, changedBy: 'bob', at: instant(9) },
    } as RepositoryEvent;
    given(created, configured)
      .when(changed)
      .then({ config_created_by: 'alice', updated_at: instant(9) });
  });

  it('takes the public key and not the private one', () => {
    given(created, configured).when(keyIssued).then({ public_key: 'ssh-ed25519 AAAA' });
    expect(JSON.stringify(recordOf(events))).not.toContain('ciphertext');
  });

  it('keeps its first creation', () =>
    given(...events)
      .when(created)
      .then({ config_id: 3 }));

  it('counts the changes of the build config, and nothing else', () => {
    given(created, configured).when(keyIssued).then({ config_changes: 1 });
    given(...events, described)
      .when(configured)
      .then({ config_changes: 2 });
  });

  it('takes the description', () =>
    given(...events)
      .when(described)
      .then({ description: 'short', full_description: 'long', is_public: false, updated_at: instant(5) }));

  it('stays while a deletion is decided, and when it is refused', () => {
    given(...events)
      .when(began)
      .then({ config_id: 3, updated_at: instant() });
    given(...events, began)
      .when(refused)
      .then({ config_id: 3, updated_at: instant() });
  });

  it('is gone with the repository', () =>
    given(...events, began)
      .when(deleted)
      .thenNoRow());

  it('begins anew when the name is used again', () => {
    const again = { ...configured, data: { ...configured.data, configId: 8, changedBy: 'bob' } } as RepositoryEvent;
    given(...events, began, deleted, created)
      .when(again)
      .then({ position: 6, config_id: 8, config_created_by: 'bob', config_changes: 1, public_key: null });
  });

  it('is not made by anything else', () => given().when(configured).thenNoRow());
});

describe('the answer about a repository', () => {
  it('waits until the whole of its creation is there', () => {
    expect(recordOf([created])).toBeUndefined();
    expect(recordOf([created, configured])).toBeUndefined();
    expect(recordOf(events)).toBeDefined();
  });

  it('is what the contract promises', () => {
    const view = repositoryView(recordOf(events) as RepositoryRecord, locate);
    expect(RepositoryView.parse(view)).toEqual(view);
    expect(view).toMatchObject({ repo_path: 'alice/app', upload: 0, pushed_at: null, is_automated: true });
    expect(view.build_config).toMatchObject({
      id: 3,
      code_repo_path: 'alice/app',
      code_repo_path_url: 'https://github.com/alice/app',
      deploy_url: 'https://github.com/alice/app/settings/keys',
      tag_configs: [{ id: 4, docker_build_config_id: 3, docker_repo_tag: 'latest', code_repo_type: 'branch' }],
    });
  });

  it('has another revision after every change of the build config', () => {
    expect(revisionOf(recordOf(events) as RepositoryRecord)).toBe('3-1');
    expect(revisionOf(recordOf([...events, described, configured]) as RepositoryRecord)).toBe('3-2');
  });

  it('shows a source whose host has closed without its pages', () => {
    const view = repositoryView(recordOf(events) as RepositoryRecord, () => null);
    expect(view.build_config).toMatchObject({
      code_repo_path: 'alice/app',
      code_repo_path_url: null,
      deploy_url: null,
    });
  });
});
