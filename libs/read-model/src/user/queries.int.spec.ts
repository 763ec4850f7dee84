import type { RobotEvent, UserEvent } from '@slipway/contracts';
import { openDatabase } from '../database/open-database.js';
import {
  instant,
  onEachDatabase,
  robotHistory,
  standingHistory,
  stored,
  tokenHash,
  userHistory,
  type History,
} from '../fixtures/index.js';
import { openReadModel, type ReadModel } from '../read-model.js';
import { applyBatch } from '../views/apply-batch.js';
import { prepareViews } from '../views/prepare.js';
import { NOWHERE } from '../views/registry.js';
import { VIEWS } from '../views/views.js';

const at = instant();
const standing = (name: string, isActive: boolean): UserEvent => ({
  type: 'UserStandingChanged',
  data: { name, isAdmin: false, isActive, by: 'root', at },
});
const robot = (namespace: string, label: string, hash: number): RobotEvent => ({
  type: 'RobotCreated',
  data: {
    namespace,
    label,
    role: 'builder',
    tokenId: '00000000-0000-4000-8000-000000000001',
    tokenHash: tokenHash(hash),
    by: 'olga',
    at,
  },
});

onEachDatabase((fresh) => {
  const opened: { readonly close: () => Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ close }) => close()));
  });

  const told = async (histories: readonly History[]): Promise<ReadModel> => {
    const { url } = await fresh();
    const database = openDatabase(url);
    const readModel = openReadModel(url, { readOnly: true });
    opened.push(readModel, database);
    await prepareViews(database, VIEWS);
    const events = await stored(histories);
    await applyBatch(database, VIEWS, { after: NOWHERE, upTo: events.length, events }, () => {});
    return readModel;
  };

  it('knows no token of a user who is not active', async () => {
    const { users } = await told([userHistory('alice'), standingHistory([standing('alice', false)])]);
    expect(await users.byTokenHash(tokenHash(0))).toBeUndefined();
    expect(await users.get('alice')).toMatchObject({ is_active: false });
  });

  it('knows it again when they are', async () => {
    const both = [standing('alice', false), standing('alice', true)];
    const { users } = await told([userHistory('alice'), standingHistory(both)]);
    expect(await users.byTokenHash(tokenHash(0))).toMatchObject({ user: { name: 'alice' } });
  });

  it('lists users by name, and the tokens of one', async () => {
    const crowd = Array.from({ length: 23 }, (_, index) => `user${String(index).padStart(2, '0')}`);
    const { users } = await told([...crowd.map((name) => userHistory(name, 0)), userHistory('alice', 2)]);
    expect(await users.list({ page: 2 })).toMatchObject({ count: 24, rows: crowd.slice(19).map((name) => ({ name })) });
    const { count, rows } = await users.tokens('alice', { page: 1 });
    expect([count, rows.map(({ token_hash }) => token_hash).sort()]).toEqual([2, [tokenHash(0), tokenHash(1)]]);
    expect(await users.tokens('user00', { page: 1 })).toMatchObject({ count: 0, rows: [] });
  });

  it('knows robots by their tokens, but not those of a user who is not active', async () => {
    const { robots } = await told([
      userHistory('alice', 0),
      standingHistory([standing('alice', false)]),
      robotHistory('alice', [robot('alice', 'ci', 1)]),
      robotHistory('team', [robot('team', 'ci', 2), robot('team', 'bot', 3)]),
      robotHistory('shop', [
        robot('shop', 'ci', 4),
        { type: 'RobotRemoved', data: { namespace: 'shop', label: 'ci', by: 'olga', at } },
      ]),
    ]);
    expect(await robots.byTokenHash(tokenHash(1))).toBeUndefined();
    expect(await robots.byTokenHash(tokenHash(2))).toMatchObject({ name: 'team+ci', role: 'builder' });
    expect(await robots.byTokenHash(tokenHash(4))).toBeUndefined();
    expect(await robots.list('team', { page: 1 })).toMatchObject({
      count: 2,
      rows: [{ label: 'bot' }, { label: 'ci' }],
    });
    expect(await robots.list('shop', { page: 1 })).toMatchObject({ count: 0, rows: [] });
  });
});
