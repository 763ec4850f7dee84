import type { Role } from '@slipway/contracts';
import { rolesOver } from './roles.js';

function setUp() {
  const state = { nowMs: 0, roles: { team: 'reader' } as Record<string, Role>, asked: 0 };
  const rolesOf = async (): Promise<Record<string, Role>> => {
    state.asked++;
    return state.roles;
  };
  return { state, ...rolesOver({ rolesOf }, () => state.nowMs) };
}

describe('roles', () => {
  it('are good for a moment without being looked up again', async () => {
    const { state, of } = setUp();
    expect(await of('bob')).toEqual({ team: 'reader' });
    state.roles = {};
    state.nowMs = 2_999;
    expect([await of('bob'), state.asked]).toEqual([{ team: 'reader' }, 1]);
    state.nowMs = 3_000;
    expect(await of('bob')).toEqual({});
  });

  it('are looked up again when they were changed here', async () => {
    const { state, of, forget } = setUp();
    await of('bob');
    state.roles = { team: 'admin' };
    forget('bob');
    expect(await of('bob')).toEqual({ team: 'admin' });
  });
});
