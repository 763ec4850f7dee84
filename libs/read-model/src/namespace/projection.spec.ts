import type { NamespaceEvent } from '@slipway/contracts';
import { givenRowsOf, instant } from '../fixtures/index.js';
import { memberProjection, namespaceProjection } from './projection.js';

const named = { namespace: 'team', by: 'olga' };
const created: NamespaceEvent = {
  type: 'NamespaceCreated',
  data: { ...named, kind: 'organisation', description: 'We', at: instant() },
};
const described: NamespaceEvent = {
  type: 'NamespaceDescribed',
  data: { ...named, description: 'They', at: instant(5) },
};
const roleOf = (role: 'reader' | 'builder', at: string): NamespaceEvent => ({
  type: 'RoleGiven',
  data: { ...named, username: 'bob', role, at },
});
const removed: NamespaceEvent = { type: 'MemberRemoved', data: { ...named, username: 'bob', at: instant(9) } };

describe('the row of a namespace', () => {
  const given = givenRowsOf(namespaceProjection);

  it('is made by its creation', () =>
    given()
      .when(created)
      .then({ name: 'team', kind: 'organisation', description: 'We', created_by: 'olga', updated_at: instant() }));

  it('says what it was described as last', () =>
    given(created)
      .when(described)
      .then({ description: 'They', created_at: instant(), updated_at: instant(5) }));

  it('is not touched by members', () =>
    given(created)
      .when(roleOf('reader', instant(3)))
      .then({ updated_at: instant() }));
});

describe('the row of a member', () => {
  const given = givenRowsOf(memberProjection);

  it('holds the role that was given last, and by whom', () => {
    const row = { member_id: 'team/bob', namespace: 'team', user_name: 'bob', given_by: 'olga' };
    given()
      .when(roleOf('reader', instant(1)))
      .then({ ...row, role: 'reader', given_at: instant(1) });
    given(roleOf('reader', instant(1)))
      .when(roleOf('builder', instant(2)))
      .then({ ...row, role: 'builder', given_at: instant(2) });
  });

  it('is gone when the member is', () =>
    given(roleOf('reader', instant(1)))
      .when(removed)
      .thenNoRow());
});
