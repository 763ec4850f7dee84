import type { NotificationEvent, NotificationEventOf } from '@slipway/contracts';
import { targetKey } from '@slipway/domain';
import type { Projection } from '../views/view.js';
import type { HookDeliveryRow } from './table.js';

/** Of notifications to hooks and code hosts; who is mailed is nobody else's business, so mails have no row. */
export const hookDeliveryProjection: Projection<HookDeliveryRow, NotificationEvent> = {
  keyOf: ({ event }) => event.data.notificationId,
  evolve: (row, { event, position }) => {
    if (event.type === 'NotificationDue') return row ?? begun(event.data, position);
    return row && changed(row, event);
  },
};

function begun(
  { notificationId, target, topic, buildId, at }: NotificationEventOf<'NotificationDue'>['data'],
  position: number,
): HookDeliveryRow | undefined {
  if (target.kind === 'mail') return undefined;
  return {
    notification_id: notificationId,
    target: targetKey(target),
    position,
    topic,
    build_id: buildId,
    status: 'pending',
    attempts: 0,
    response_status: null,
    response_body: null,
    failure: null,
    next_attempt_at: at,
    created_at: at,
    updated_at: at,
  };
}

function changed(
  row: HookDeliveryRow,
  { type, data }: Exclude<NotificationEvent, { type: 'NotificationDue' }>,
): HookDeliveryRow {
  const updated_at = data.at;
  switch (type) {
    case 'NotificationAttempted':
      return { ...row, attempts: data.attempt, updated_at };
    case 'NotificationDelivered':
      return { ...row, ...answered(data), status: 'delivered', failure: null, next_attempt_at: null };
    case 'NotificationFailed':
      return { ...row, ...answered(data), failure: data.why, next_attempt_at: data.nextAt };
    case 'NotificationGivenUp':
      return { ...row, ...answered(data), status: 'given_up', failure: data.why, next_attempt_at: null };
    case 'NotificationReplayed':
      return { ...row, status: 'pending', next_attempt_at: data.at, updated_at };
  }
}

const answered = ({ answer, at }: NotificationEventOf<'NotificationDelivered' | 'NotificationFailed'>['data']) => ({
  response_status: answer.status,
  response_body: answer.body,
  updated_at: at,
});
