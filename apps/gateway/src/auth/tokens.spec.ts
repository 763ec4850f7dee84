import type { UserRow } from '@slipway/read-model';
import { tokensOf } from './tokens.js';

/** SHA-256 of `slp_known`. */
const HASH = 'd4ab96615da89cadf517dfb0c81de8172f8a17bf865b71f037bd6015131244b0';
const alice: UserRow = { name: 'alice', is_admin: false, created_at: '2026-11-23T10:00:00.000Z' };

function setUp() {
  const state = { nowMs: 0, user: alice as UserRow | undefined, asked: [] as string[] };
  const byTokenHash = async (hash: string): Promise<UserRow | undefined> => {
    state.asked.push(hash);
    return state.user;
  };
  return { state, ...tokensOf({ byTokenHash }, () => state.nowMs) };
}

describe('tokens', () => {
  it('are looked up by their hash, never by themselves', async () => {
    const { state, callerOf } = setUp();
    expect(await callerOf('slp_known')).toEqual({ name: 'alice', isAdmin: false, roles: {} });
    expect(state.asked).toEqual([HASH]);
  });

  it('are good for a moment without being looked up again', async () => {
    const { state, callerOf } = setUp();
    await callerOf('slp_known');
    state.user = undefined; // revoked
    state.nowMs = 2_999;
    expect(await callerOf('slp_known')).toMatchObject({ name: 'alice' });
    state.nowMs = 3_000;
    await expect(callerOf('slp_known')).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('are looked up each time as long as they are not good', async () => {
    const { state, callerOf } = setUp();
    state.user = undefined;
    await expect(callerOf('slp_late')).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    state.user = alice;
    expect(await callerOf('slp_late')).toMatchObject({ name: 'alice' });
  });
});
