import type { NotificationEvent, NotificationTarget, TargetAnswer, Topic } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';

/** One event that is to be told to one target. */
export type Notification = { readonly phase: 'absent' } | PresentNotification;

export interface PresentNotification {
  /** `open`: it is to be tried, not before `notBefore`. */
  readonly phase: 'open' | 'delivered' | 'given-up';
  readonly target: NotificationTarget;
  readonly topic: Topic;
  readonly buildId: string;
  readonly eventNumber: number;
  /** Since when it is to be told: tries end some time after it. */
  readonly openedAt: string;
  readonly notBefore: string;
  /** The last one that began. */
  readonly attempt: number;
}

interface Named {
  readonly notificationId: string;
  readonly at: string;
}

export type NotificationCommand =
  | {
      readonly type: 'Announce';
      readonly data: Named & Pick<PresentNotification, 'target' | 'topic' | 'buildId' | 'eventNumber'>;
    }
  /** `until`: when a notifier that says nothing is taken for dead. */
  | { readonly type: 'BeginAttempt'; readonly data: Named & { readonly until: string } }
  | {
      readonly type: 'EndAttempt';
      readonly data: Named & {
        readonly attempt: number;
        readonly answer: TargetAnswer;
        readonly failure: Failure | null;
      };
    }
  | {
      readonly type: 'Replay';
      readonly data: Named & { readonly namespace: string; readonly hookId: string; readonly by: string };
    };

interface Failure {
  readonly why: string;
  /** null: it is not tried again. */
  readonly nextAt: string | null;
}

/** A word for each target: of its queue, and of its part in a notification's id. */
export function targetKey(target: NotificationTarget): string {
  switch (target.kind) {
    case 'hook':
      return `hook/${target.hookId}`;
    case 'mail':
      return `mail/${target.userName}`;
    case 'commit-status':
      return `commit-status/${target.namespace}/${target.client}`;
  }
}

export const notification: Decider<Notification, NotificationCommand, NotificationEvent> = {
  initial: { phase: 'absent' },

  decide: (command, state) => {
    switch (command.type) {
      case 'Announce':
        return state.phase === 'absent' ? [{ type: 'NotificationDue', data: command.data }] : [];
      case 'BeginAttempt':
        return begin(command.data, state);
      case 'EndAttempt':
        return end(command.data, state);
      case 'Replay':
        return replay(command.data, state);
    }
  },

  evolve: (state, { type, data }) => {
    if (type === 'NotificationDue') {
      const { target, topic, buildId, eventNumber, at } = data;
      return { phase: 'open', target, topic, buildId, eventNumber, openedAt: at, notBefore: at, attempt: 0 };
    }
    if (state.phase === 'absent') return state;
    switch (type) {
      case 'NotificationAttempted':
        return { ...state, attempt: data.attempt, notBefore: data.until };
      case 'NotificationFailed':
        return { ...state, notBefore: data.nextAt };
      case 'NotificationDelivered':
        return { ...state, phase: 'delivered' };
      case 'NotificationGivenUp':
        return { ...state, phase: 'given-up' };
      case 'NotificationReplayed':
        return { ...state, phase: 'open', openedAt: data.at, notBefore: data.at };
    }
  },
};

type Data<T extends NotificationCommand['type']> = Extract<NotificationCommand, { type: T }>['data'];

/** Of several notifiers that try at once one finds it free. An empty decision: not now, or not any more. */
function begin({ notificationId, until, at }: Data<'BeginAttempt'>, state: Notification): readonly NotificationEvent[] {
  if (state.phase !== 'open' || at < state.notBefore) return [];
  return [{ type: 'NotificationAttempted', data: { notificationId, attempt: state.attempt + 1, until, at } }];
}

/** Only the last try counts: whoever took too long has been taken for dead. But what was delivered is delivered. */
function end(data: Data<'EndAttempt'>, state: Notification): readonly NotificationEvent[] {
  const { notificationId, attempt, answer, failure, at } = data;
  if (state.phase !== 'open') return [];
  if (failure === null) return [{ type: 'NotificationDelivered', data: { notificationId, attempt, answer, at } }];
  if (attempt !== state.attempt) return [];
  const { why, nextAt } = failure;
  if (nextAt === null) return [{ type: 'NotificationGivenUp', data: { notificationId, attempt, why, answer, at } }];
  return [{ type: 'NotificationFailed', data: { notificationId, attempt, why, answer, nextAt, at } }];
}

/** @throws HOOK_DELIVERY_NOT_FOUND also for a delivery of another hook; HOOK_DELIVERY_PENDING */
function replay(
  { notificationId, namespace, hookId, by, at }: Data<'Replay'>,
  state: Notification,
): readonly NotificationEvent[] {
  const isOfHook =
    state.phase !== 'absent' &&
    state.target.kind === 'hook' &&
    state.target.namespace === namespace &&
    state.target.hookId === hookId;
  if (!isOfHook)
    throw new AppError('HOOK_DELIVERY_NOT_FOUND', { namespace, hook_id: hookId, delivery_id: notificationId });
  if (state.phase === 'open') throw new AppError('HOOK_DELIVERY_PENDING', { delivery_id: notificationId });
  return [{ type: 'NotificationReplayed', data: { notificationId, by, at } }];
}
