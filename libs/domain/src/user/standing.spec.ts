import type { UserEvent } from '@slipway/contracts';
import { specify } from '@slipway/testing';
import { standingOf, standings, type Standing, type StandingCommand } from './standing.js';

const given = specify(standings);
const at = '2026-11-23T10:00:00.000Z';
const note = (name: string): StandingCommand => ({ type: 'NoteAdministrator', data: { name, by: null, at } });
const noted = (name: string): UserEvent => ({
  type: 'UserStandingChanged',
  data: { name, isAdmin: true, isActive: true, by: null, at },
});
const change = (name: string, wanted: Partial<Standing>, isAdmin = false): StandingCommand => ({
  type: 'ChangeStanding',
  data: { name, registered: { isAdmin }, by: 'root', at, ...wanted },
});
const changed = (name: string, isAdmin: boolean, isActive: boolean): UserEvent => ({
  type: 'UserStandingChanged',
  data: { name, isAdmin, isActive, by: 'root', at },
});

describe('the standing of a user', () => {
  it('is noted once, and never over what was said since', () => {
    given().when(note('root')).then(noted('root'));
    given(noted('root')).when(note('root')).thenNothing();
    given(noted('root'), noted('olga'), changed('root', false, true))
      .when(note('root'))
      .thenNothing();
  });

  it('is changed, one part of it or both', () => {
    given(noted('root'))
      .when(change('bob', { isAdmin: true }))
      .then(changed('bob', true, true));
    given(noted('root'))
      .when(change('bob', { isActive: false }))
      .then(changed('bob', false, false));
    given(noted('root'), changed('bob', false, false))
      .when(change('bob', { isAdmin: true, isActive: true }))
      .then(changed('bob', true, true));
  });

  it('stays quiet when it is so already', () => {
    given(noted('root'))
      .when(change('bob', { isAdmin: false, isActive: true }))
      .thenNothing();
    given(noted('root'), changed('bob', false, false))
      .when(change('bob', { isActive: false }))
      .thenNothing();
  });

  it.each([{ isAdmin: false }, { isActive: false }, { isAdmin: false, isActive: false }])(
    'of the last active administrator does not become %p',
    (wanted) => {
      given(noted('root')).when(change('root', wanted)).thenRejects('LAST_ADMINISTRATOR');
      given(noted('root'), changed('olga', true, false))
        .when(change('root', wanted))
        .thenRejects('LAST_ADMINISTRATOR');
      given(noted('root'), changed('olga', false, true))
        .when(change('root', wanted))
        .thenRejects('LAST_ADMINISTRATOR');
    },
  );

  it('of an administrator is changed while another one is active', () => {
    given(noted('root'), noted('olga'))
      .when(change('root', { isActive: false }))
      .then(changed('root', true, false));
    given(noted('root'), changed('olga', true, true))
      .when(change('root', { isAdmin: false }))
      .then(changed('root', false, true));
  });

  it('of a former administrator, of whom nothing was said yet, counts only for themselves', () => {
    given(noted('root'))
      .when(change('old', { isAdmin: false }, true))
      .then(changed('old', false, true));
    given()
      .when(change('old', { isAdmin: false }, true))
      .thenRejects('LAST_ADMINISTRATOR');
  });

  it('is as they were registered until something is said', () => {
    const state = [noted('root'), changed('bob', false, false)].reduce(standings.evolve, standings.initial);
    expect(standingOf(state, { name: 'bob', isAdmin: true })).toEqual({ isAdmin: false, isActive: false });
    expect(standingOf(state, { name: 'eve', isAdmin: true })).toEqual({ isAdmin: true, isActive: true });
    expect(standingOf(state, { name: 'eve', isAdmin: false })).toEqual({ isAdmin: false, isActive: true });
  });
});
