import { specify } from '@slipway/testing';
import { notification } from './notification.js';
import {
  announce,
  begin,
  begun,
  delivered,
  due,
  fail,
  failed,
  givenUp,
  replay,
  replayed,
  succeed,
} from './notification.fixtures.js';

const given = specify(notification);

describe('notification', () => {
  it('is due once, however often the event is seen', () => {
    given().when(announce()).then(due());
    given(due(), begun(1, 0), delivered(1)).when(announce()).thenNothing();
  });

  it('is tried by the one that begins first', () => {
    given(due()).when(begin(0)).then(begun(1, 0));
    given(due(), begun(1, 0)).when(begin(0)).thenNothing();
  });

  it('is tried again when whoever tried says nothing', () =>
    given(due(), begun(1, 0)).when(begin(1)).then(begun(2, 1)));

  it('is delivered, and then no more', () => {
    given(due(), begun(1, 0)).when(succeed(1)).then(delivered(1));
    given(due(), begun(1, 0), delivered(1)).when(begin(9)).thenNothing();
    given(due(), begun(1, 0), delivered(1)).when(succeed(1)).thenNothing();
  });

  it('is delivered also by one that was taken for dead', () =>
    given(due(), begun(1, 0), begun(2, 1)).when(succeed(1)).then(delivered(1)));

  it('waits after a failure', () => {
    given(due(), begun(1, 0)).when(fail(1, 5)).then(failed(1, 5));
    given(due(), begun(1, 0), failed(1, 5)).when(begin(4)).thenNothing();
    given(due(), begun(1, 0), failed(1, 5)).when(begin(5)).then(begun(2, 5));
  });

  it('does not hear of a failure from one that was taken for dead', () =>
    given(due(), begun(1, 0), begun(2, 1)).when(fail(1, 5)).thenNothing());

  it('is given up', () => {
    given(due(), begun(1, 0)).when(fail(1, null)).then(givenUp(1));
    given(due(), begun(1, 0), givenUp(1)).when(begin(9)).thenNothing();
  });

  it('is told once more on demand', () => {
    given(due(), begun(1, 0), givenUp(1)).when(replay()).then(replayed());
    given(due(), begun(1, 0), delivered(1), replayed()).when(begin(30)).then(begun(2, 30));
  });

  it('refuses a replay while it is tried, and one of another hook', () => {
    given(due()).when(replay()).thenRejects('HOOK_DELIVERY_PENDING');
    given().when(replay()).thenRejects('HOOK_DELIVERY_NOT_FOUND');
    given(due(), begun(1, 0), givenUp(1))
      .when(replay('00000000-0000-4000-8000-00000000000d'))
      .thenRejects('HOOK_DELIVERY_NOT_FOUND');
  });
});
