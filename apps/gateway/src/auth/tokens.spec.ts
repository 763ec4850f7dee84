import { tokenHashOf } from '@slipway/platform';
import type { ReadModel, RobotRow, TokenHolder, UserTokenRow } from '@slipway/read-model';
import { tokensOf } from './tokens.js';

/** SHA-256 of `slp_known`. */
const HASH = 'd4ab96615da89cadf517dfb0c81de8172f8a17bf865b71f037bd6015131244b0';
const at = '2026-11-23T10:00:00.000Z';
const inMs = (ms: number): string => new Date(Date.parse(at) + ms).toISOString();

const holder = (over: Partial<UserTokenRow> = {}, isAdmin = false): TokenHolder => ({
  user: { name: 'alice', email: null, is_admin: isAdmin, is_active: true, created_at: at, updated_at: at },
  token: {
    token_id: '00000000-0000-4000-8000-000000000001',
    token_hash: HASH,
    user_name: 'alice',
    title: null,
    scope: 'admin',
    namespace: null,
    is_login: false,
    created_at: at,
    expires_at: null,
    ...over,
  },
});
const robot: RobotRow = {
  name: 'team+ci',
  namespace: 'team',
  label: 'ci',
  role: 'builder',
  token_id: '00000000-0000-4000-8000-000000000002',
  token_hash: HASH,
  created_by: 'olga',
  created_at: at,
  expires_at: null,
};

function setUp() {
  const state = {
    nowMs: 0,
    holder: holder() as TokenHolder | undefined,
    robot: robot as RobotRow | undefined,
    asked: [] as string[],
    onAsk: () => {},
  };
  const found = async <Row>(hash: string, row: Row): Promise<Row> => {
    state.asked.push(hash);
    state.onAsk();
    return row;
  };
  const readModel = {
    users: { byTokenHash: (hash: string) => found(hash, state.holder) },
    robots: { byTokenHash: (hash: string) => found(hash, state.robot) },
  } as Pick<ReadModel, 'users' | 'robots'>;
  const clocks = { nowMs: () => state.nowMs, todayMs: () => Date.parse(at) + state.nowMs };
  return { state, ...tokensOf(readModel, clocks) };
}
const refused = expect.objectContaining({ code: 'TOKEN_INVALID' });

describe('tokens', () => {
  it('are looked up by their hash, never by themselves', async () => {
    const { state, callerOf } = setUp();
    expect(await callerOf('slp_known')).toEqual({ name: 'alice', isAdmin: false, roles: {}, scope: 'admin' });
    expect(state.asked).toEqual([HASH]);
  });

  it('are good for a moment without being looked up again', async () => {
    const { state, callerOf } = setUp();
    await callerOf('slp_known');
    state.holder = undefined; // revoked
    state.nowMs = 2_999;
    expect(await callerOf('slp_known')).toMatchObject({ name: 'alice' });
    state.nowMs = 3_000;
    await expect(callerOf('slp_known')).rejects.toEqual(refused);
  });

  it('are looked up each time as long as they are not good', async () => {
    const { state, callerOf } = setUp();
    state.holder = undefined;
    await expect(callerOf('slp_late')).rejects.toEqual(refused);
    state.holder = holder();
    expect(await callerOf('slp_late')).toMatchObject({ name: 'alice' });
  });

  it('are forgotten at once when something was changed here, be it while they are looked up', async () => {
    const { state, callerOf, forget } = setUp();
    await callerOf('slp_known');
    forget('bob');
    state.holder = undefined;
    expect(await callerOf('slp_known')).toMatchObject({ name: 'alice' });
    forget('alice');
    await expect(callerOf('slp_known')).rejects.toEqual(refused);
    state.holder = holder();
    state.onAsk = () => forget('alice');
    await callerOf('slp_known');
    state.holder = undefined;
    await expect(callerOf('slp_known')).rejects.toEqual(refused);
  });

  it('end when they expire, without being looked up', async () => {
    const { state, callerOf } = setUp();
    state.holder = holder({ expires_at: inMs(1_000) });
    state.nowMs = 999;
    expect(await callerOf('slp_known')).toMatchObject({ name: 'alice' });
    state.nowMs = 1_000;
    await expect(callerOf('slp_known')).rejects.toEqual(refused);
  });

  it.each([
    [{}, true, { scope: 'admin' }],
    [{ scope: 'build' }, false, { scope: 'build' }],
    [{ scope: 'read' }, false, { scope: 'read' }],
    [{ namespace: 'team' }, false, { scope: 'admin', onlyNamespace: 'team' }],
  ] as const)('of an administrator are as good as they say: %j', async (over, isAdmin, more) => {
    const { state, callerOf } = setUp();
    state.holder = holder(over, true);
    expect(await callerOf('slp_known')).toEqual({ name: 'alice', isAdmin, roles: {}, ...more });
  });

  it("of robots have a role in the robot's namespace, and no other", async () => {
    const { state, callerOf } = setUp();
    state.holder = undefined;
    expect(await callerOf('slr_known')).toEqual({
      name: 'team+ci',
      isAdmin: false,
      roles: { team: 'builder' },
      onlyNamespace: 'team',
    });
    expect(state.asked).toEqual([tokenHashOf('slr_known')]);
    state.robot = { ...robot, expires_at: inMs(-1) };
    await expect(callerOf('slr_other')).rejects.toEqual(refused);
  });
});
