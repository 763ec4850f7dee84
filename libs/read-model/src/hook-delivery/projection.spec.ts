import type { NotificationEvent, NotificationTarget } from '@slipway/contracts';
import { buildIdOf, givenRowsOf, instant } from '../fixtures/index.js';
import { hookDeliveryProjection } from './projection.js';

const given = givenRowsOf(hookDeliveryProjection);
const notificationId = '00000000-0000-4000-8000-00000000000a';
const hookId = '00000000-0000-4000-8000-00000000000b';
const answer = { status: 503, body: 'busy' };

const due = (target: NotificationTarget): NotificationEvent => ({
  type: 'NotificationDue',
  data: { notificationId, target, topic: 'build.failed', buildId: buildIdOf(1), eventNumber: 3, at: instant(0) },
});
const toHook = due({ kind: 'hook', namespace: 'alice', hookId });
const attempted: NotificationEvent = {
  type: 'NotificationAttempted',
  data: { notificationId, attempt: 1, until: instant(30), at: instant(1) },
};
const failed: NotificationEvent = {
  type: 'NotificationFailed',
  data: { notificationId, attempt: 1, why: 'It said 503.', answer, nextAt: instant(9), at: instant(2) },
};
const givenUp: NotificationEvent = {
  type: 'NotificationGivenUp',
  data: { notificationId, attempt: 1, why: 'It said 503.', answer, at: instant(3) },
};
const delivered: NotificationEvent = {
  type: 'NotificationDelivered',
  data: { notificationId, attempt: 2, answer: { status: 204, body: '' }, at: instant(4) },
};

describe('the row of a delivery', () => {
  it('is pending from when it is due', () =>
    given()
      .when(toHook)
      .then({ target: `hook/${hookId}`, status: 'pending', attempts: 0, position: 1 }));

  it('is also for what a code host is told', () =>
    given()
      .when(due({ kind: 'commit-status', namespace: 'alice', client: 'GitHub' }))
      .then({ target: 'commit-status/alice/GitHub', status: 'pending' }));

  it('is not for mail', () => {
    given()
      .when(due({ kind: 'mail', userName: 'alice' }))
      .thenNoRow();
    given(due({ kind: 'mail', userName: 'alice' }))
      .when(delivered)
      .thenNoRow();
  });

  it('says why a try failed, and when the next one comes', () =>
    given(toHook, attempted)
      .when(failed)
      .then({
        status: 'pending',
        attempts: 1,
        failure: 'It said 503.',
        response_status: 503,
        response_body: 'busy',
        next_attempt_at: instant(9),
      }));

  it('says nothing of earlier failures once it is told', () =>
    given(toHook, attempted, failed)
      .when(delivered)
      .then({ status: 'delivered', failure: null, response_status: 204, next_attempt_at: null }));

  it('is pending again when somebody wants it once more', () => {
    const replayed: NotificationEvent = {
      type: 'NotificationReplayed',
      data: { notificationId, by: 'bob', at: instant(20) },
    };
    given(toHook, attempted).when(givenUp).then({ status: 'given_up', next_attempt_at: null });
    given(toHook, attempted, givenUp)
      .when(replayed)
      .then({ status: 'pending', next_attempt_at: instant(20) });
  });
});
