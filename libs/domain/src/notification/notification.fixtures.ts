import type { NotificationEvent, NotificationTarget } from '@slipway/contracts';
import type { NotificationCommand } from './notification.js';

const notificationId = '00000000-0000-4000-8000-00000000000a';
export const hookId = '00000000-0000-4000-8000-00000000000b';
const buildId = '00000000-0000-4000-8000-00000000000c';
const target: NotificationTarget = { kind: 'hook', namespace: 'alice', hookId };
const answer = { status: 500, body: 'oops' };

/** Minute of an hour. */
export const minute = (number: number): string => `2026-11-24T10:${String(number).padStart(2, '0')}:00.000Z`;

const announced = { notificationId, target, topic: 'build.failed' as const, buildId, eventNumber: 4, at: minute(0) };
export const announce = (): NotificationCommand => ({ type: 'Announce', data: announced });
export const due = (): NotificationEvent => ({ type: 'NotificationDue', data: announced });

/** A try that began at a minute; whoever makes it is taken for dead one minute later. */
export const begin = (at: number): NotificationCommand => ({
  type: 'BeginAttempt',
  data: { notificationId, until: minute(at + 1), at: minute(at) },
});
export const begun = (attempt: number, at: number): NotificationEvent => ({
  type: 'NotificationAttempted',
  data: { notificationId, attempt, until: minute(at + 1), at: minute(at) },
});

type End = Extract<NotificationCommand, { type: 'EndAttempt' }>['data']['failure'];
const end = (attempt: number, failure: End): NotificationCommand => ({
  type: 'EndAttempt',
  data: { notificationId, attempt, answer, failure, at: minute(1) },
});
export const succeed = (attempt: number): NotificationCommand => end(attempt, null);
export const fail = (attempt: number, nextAt: number | null): NotificationCommand =>
  end(attempt, { why: 'HTTP 500', nextAt: nextAt === null ? null : minute(nextAt) });

export const delivered = (attempt: number): NotificationEvent => ({
  type: 'NotificationDelivered',
  data: { notificationId, attempt, answer, at: minute(1) },
});
export const failed = (attempt: number, nextAt: number): NotificationEvent => ({
  type: 'NotificationFailed',
  data: { notificationId, attempt, why: 'HTTP 500', answer, nextAt: minute(nextAt), at: minute(1) },
});
export const givenUp = (attempt: number): NotificationEvent => ({
  type: 'NotificationGivenUp',
  data: { notificationId, attempt, why: 'HTTP 500', answer, at: minute(1) },
});

export const replay = (hook = hookId): NotificationCommand => ({
  type: 'Replay',
  data: { notificationId, namespace: 'alice', hookId: hook, by: 'bob', at: minute(30) },
});
export const replayed = (): NotificationEvent => ({
  type: 'NotificationReplayed',
  data: { notificationId, by: 'bob', at: minute(30) },
});
