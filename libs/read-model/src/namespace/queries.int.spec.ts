import type { NamespaceEvent, Role } from '@slipway/contracts';
import { openDatabase } from '../database/open-database.js';
import { instant, namespaceHistory, onEachDatabase, stored, type History } from '../fixtures/index.js';
import { openReadModel, type ReadModel } from '../read-model.js';
import { applyBatch } from '../views/apply-batch.js';
import { prepareViews } from '../views/prepare.js';
import { NOWHERE } from '../views/registry.js';
import { VIEWS } from '../views/views.js';

const at = instant();

/** An organisation, and its members by their names. */
const organisation = (namespace: string, members: Readonly<Record<string, Role>>): History => {
  const named = { namespace, by: 'root', at };
  const roles = Object.entries(members).map(([username, role]): NamespaceEvent => ({
    type: 'RoleGiven',
    data: { ...named, username, role },
  }));
  const created: NamespaceEvent = {
    type: 'NamespaceCreated',
    data: { ...named, kind: 'organisation', description: `of ${namespace}` },
  };
  return namespaceHistory(namespace, [created, ...roles]);
};

onEachDatabase((fresh) => {
  const opened: { readonly close: () => Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ close }) => close()));
  });

  const told = async (histories: readonly History[]): Promise<ReadModel['namespaces']> => {
    const { url } = await fresh();
    const database = openDatabase(url);
    const readModel = openReadModel(url, { readOnly: true });
    opened.push(readModel, database);
    await prepareViews(database, VIEWS);
    const events = await stored(histories);
    await applyBatch(database, VIEWS, { after: NOWHERE, upTo: events.length, events }, () => {});
    return readModel.namespaces;
  };

  const THREE = [
    organisation('team', { olga: 'admin', bob: 'builder' }),
    organisation('shop', { bob: 'reader' }),
    organisation('tour', {}),
  ];

  it('knows a namespace by its name', async () => {
    const namespaces = await told(THREE);
    expect(await namespaces.get('team')).toMatchObject({ kind: 'organisation', description: 'of team' });
    expect(await namespaces.get('nobody')).toBeUndefined();
  });

  it('lists those of a member, one of them, or all', async () => {
    const namespaces = await told(THREE);
    const namesIn = async (scope: { member?: string; name?: string }) =>
      (await namespaces.list(scope, { page: 1 })).rows.map(({ name }) => name);
    expect(await namesIn({ member: 'bob' })).toEqual(['shop', 'team']);
    expect(await namesIn({ member: 'bob', name: 'team' })).toEqual(['team']);
    expect(await namesIn({ member: 'olga', name: 'shop' })).toEqual([]);
    expect(await namesIn({})).toEqual(['shop', 'team', 'tour']);
  });

  it('tells the roles of a user, and the members of a namespace', async () => {
    const namespaces = await told(THREE);
    expect(await namespaces.rolesOf('bob')).toEqual({ team: 'builder', shop: 'reader' });
    expect(await namespaces.rolesOf('nobody')).toEqual({});
    const { count, rows } = await namespaces.members('team', { page: 1 });
    expect([count, rows.map(({ user_name, role }) => [user_name, role])]).toEqual([
      2,
      [
        ['bob', 'builder'],
        ['olga', 'admin'],
      ],
    ]);
  });

  it('shows twenty a page', async () => {
    const crowd = Array.from(
      { length: 45 },
      (_, index) => [`user${String(index).padStart(2, '0')}`, 'reader'] as const,
    );
    const namespaces = await told([organisation('crowd', Object.fromEntries(crowd))]);
    const second = await namespaces.members('crowd', { page: 2 });
    expect(second).toMatchObject({ count: 45, next: { page: 3 }, previous: { page: 1 } });
    expect(second.rows.map(({ user_name }) => user_name)).toEqual(crowd.slice(20, 40).map(([name]) => name));
    expect(await namespaces.members('crowd', { page: 9 })).toMatchObject({
      rows: [],
      next: null,
      previous: { page: 3 },
    });
  });
});
