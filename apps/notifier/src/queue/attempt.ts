import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { streams } from '@slipway/contracts';
import { notification, targetKey, type NotificationCommand, type PresentNotification } from '@slipway/domain';
import { commandHandler, notificationCodec, type EventStore } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import { count, type Logger } from '@slipway/platform';
import { failed, type Channel, type Outcome } from '../channel.js';
import { nextAttemptAt, type RetryLimits } from './retry.js';

export interface AttemptParts {
  readonly store: EventStore;
  readonly clock: Clock;
  /** By the kind of target. */
  readonly channels: Readonly<Record<PresentNotification['target']['kind'], Channel>>;
  readonly retry: RetryLimits;
  /** Whoever has said nothing for so long is taken for dead, ms. More than any channel takes. */
  readonly claimMs: number;
  /** Throws when somebody else may be at it: before a try begins, and before something is sent. */
  readonly assertCurrent: () => void;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const STORE_PAUSE_MS = 1_000;

/**
 * One try: begun, sent, ended. Of several notifiers only one gets past the beginning. Answers when to look at the
 * notification again, ISO 8601; undefined: when one of its events says so. Never rejects.
 */
export function attempts(parts: AttemptParts): (notificationId: string) => Promise<string | undefined> {
  const { store, clock, channels, claimMs, assertCurrent, logger } = parts;
  const handle = commandHandler(store, notification, notificationCodec);
  const say = (notificationId: string, command: NotificationCommand) => {
    const commandId = randomUUID();
    const context = { commandId, at: command.data.at, actor: 'service:notifier', correlationId: notificationId };
    return handle(streams.notification(notificationId), command, context);
  };
  const later = (ms: number): string => new Date(Date.parse(clock.now()) + ms).toISOString();

  return async (notificationId) => {
    try {
      assertCurrent();
      const data = { notificationId, until: later(claimMs), at: clock.now() };
      const { state, events } = await say(notificationId, { type: 'BeginAttempt', data });
      if (state.phase !== 'open') return undefined;
      if (events.length === 0) return state.notBefore; // somebody else tries
      assertCurrent();
      const outcome = await sent(channels[state.target.kind], { ...state, notificationId }, logger);
      count('slipway_notification_attempts_total', { kind: state.target.kind, outcome: wordFor(outcome) });
      const end = endOf(outcome, { notificationId, state, at: clock.now(), retry: parts.retry });
      if (outcome.kind === 'failed' && outcome.isFinal)
        logger.warn({ notificationId, target: targetKey(state.target), why: outcome.why }, 'given up');
      await untilRecorded(() => say(notificationId, end), parts);
      return undefined;
    } catch (error) {
      logger.warn({ error, notificationId }, 'a try could not begin');
      return later(STORE_PAUSE_MS);
    }
  };
}

/** A bug of ours must not lose a notification: it is tried again like any failure. */
async function sent(channel: Channel, told: Parameters<Channel>[0], logger: Logger): Promise<Outcome> {
  try {
    return await channel(told);
  } catch (error) {
    const isKnown = error instanceof AppError && error.kind === 'unavailable';
    const { notificationId } = told;
    logger[isKnown ? 'warn' : 'error']({ error, notificationId }, 'nothing could be sent');
    return failed('Slipway could not make the message.');
  }
}

const wordFor = (outcome: Outcome): string => {
  if (outcome.kind === 'told') return 'told';
  return outcome.isFinal ? 'given-up' : 'failed';
};

interface Ended {
  readonly notificationId: string;
  readonly state: PresentNotification;
  readonly at: string;
  readonly retry: RetryLimits;
}

function endOf(outcome: Outcome, { notificationId, state, at, retry }: Ended): NotificationCommand {
  const { attempt, openedAt } = state;
  const data = { notificationId, attempt, answer: outcome.answer, at };
  if (outcome.kind === 'told') return { type: 'EndAttempt', data: { ...data, failure: null } };
  const nextAt = outcome.isFinal
    ? null
    : nextAttemptAt({ openedAt, at, askedPauseMs: outcome.askedPauseMs }, Math.random(), retry);
  return { type: 'EndAttempt', data: { ...data, failure: { why: outcome.why, nextAt } } };
}

/** It was sent, so it is worth some patience to have it written down; once also when the service is stopping. */
async function untilRecorded(record: () => Promise<unknown>, { logger, signal }: AttemptParts): Promise<void> {
  do {
    try {
      return void (await record());
    } catch (error) {
      logger.warn({ error }, 'the end of a try is not recorded yet');
      await pause(STORE_PAUSE_MS, undefined, { signal }).catch(() => {});
    }
  } while (!signal.aborted);
}
