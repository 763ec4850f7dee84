import { streams } from '@slipway/contracts';
import type { EventStore } from '@slipway/event-store';
import { systemClock, type Clock } from '@slipway/kernel';
import type { Logger } from '@slipway/platform';
import { checkpoint } from './checkpoints/checkpoint.js';
import { follow } from './checkpoints/follow.js';
import { planner } from './planner.js';
import type { AttemptParts } from './queue/attempt.js';
import { notificationQueue } from './queue/queue.js';
import { RETRY, type RetryLimits } from './queue/retry.js';

export interface NotifierOptions {
  readonly store: EventStore;
  readonly channels: AttemptParts['channels'];
  /** False: nobody is told by mail. */
  readonly mails: boolean;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  readonly retry?: RetryLimits;
  readonly claimMs?: number;
}

export interface Notifier {
  /** Everything there was has been looked at once. */
  readonly isCaughtUp: () => boolean;
  /** Resolves after the signal, when nothing is sent any more. Never rejects. */
  readonly done: Promise<void>;
}

/** Well above what a channel takes: whoever still sends must not be taken for dead. */
const CLAIM_MS = 60_000;

/**
 * Two steps with an event stream between them: what is to be told is planned from the events of builds, and what is
 * planned is sent from queues. Any number of notifiers may run.
 */
export function startNotifier(options: NotifierOptions): Notifier {
  const { store, mails, logger, signal, clock = systemClock, retry = RETRY, claimMs = CLAIM_MS } = options;
  const caughtUp = new Set<string>();
  const queue = notificationQueue({ store, clock, channels: options.channels, retry, claimMs, logger, signal });
  const following = [
    follow({
      store,
      prefix: streams.build(''),
      checkpoint: checkpoint('notifier-plan', store, clock),
      take: planner({ store, clock, mails }),
      resumeAfter: (seen) => seen,
      onCaughtUp: () => void caughtUp.add('plan'),
      logger,
      signal,
    }),
    follow({
      store,
      prefix: streams.notification(''),
      checkpoint: checkpoint('notifier-queue', store, clock),
      take: queue.take,
      resumeAfter: queue.resumeAfter,
      onCaughtUp: () => {
        caughtUp.add('queue');
        queue.open();
      },
      logger,
      signal,
    }),
  ];
  const done = Promise.all(following).then(() => queue.close());
  return { isCaughtUp: () => caughtUp.size === following.length, done };
}
