import { streams } from '@slipway/contracts';
import type { EventStore } from '@slipway/event-store';
import { systemClock, type Clock } from '@slipway/kernel';
import {
  alwaysActive,
  standBy,
  watch,
  type ActiveRecords,
  type Logger,
  type Role,
  type StandbyTimes,
  type Tenure,
} from '@slipway/platform';
import { checkpoint } from './checkpoints/checkpoint.js';
import { follow } from './checkpoints/follow.js';
import { PLANNED_FROM, planner } from './planner.js';
import type { AttemptParts } from './queue/attempt.js';
import { notificationQueue } from './queue/queue.js';
import { RETRY, type RetryLimits } from './queue/retry.js';

export interface NotifierOptions {
  readonly store: EventStore;
  readonly channels: AttemptParts['channels'];
  /** False: nobody is told by mail. */
  readonly mails: boolean;
  /** Where several notifiers agree on which one works. Absent: each does, and claims what it tells. */
  readonly active?: ActiveRecords | undefined;
  readonly times?: StandbyTimes;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  readonly retry?: RetryLimits;
  readonly claimMs?: number;
}

export interface Notifier {
  /** `undefined`: not known yet. */
  readonly role: () => Role | undefined;
  /** Everything there was has been looked at once. Only the active one ever is. */
  readonly isCaughtUp: () => boolean;
  /** Why it is not ready; one that stands by is. */
  readonly problem: () => string | undefined;
  /** Resolves after the signal, when nothing is sent any more. Never rejects. */
  readonly done: Promise<void>;
}

const SERVICE = 'notifier';
/** Well above what a channel takes: whoever still sends must not be taken for dead. */
const CLAIM_MS = 60_000;
/** Following builds, and following notifications. */
const STEPS = 2;

/**
 * Two steps with an event stream between them: what is to be told is planned from the events of builds, and what is
 * planned is sent from queues. Any number of notifiers may run.
 */
export function startNotifier(options: NotifierOptions): Notifier {
  const { active = alwaysActive(), logger, signal, times } = options;
  let caughtUp = new Set<string>();
  const work = async (tenure: Tenure): Promise<void> => {
    caughtUp = new Set();
    await notify(options, tenure, (step) => caughtUp.add(step));
    caughtUp = new Set();
  };
  const standby = standBy({ records: active, work, logger, signal, ...(times && { times }) });
  watch('slipway_active', () => [{ labels: { service: SERVICE }, value: standby.role() === 'active' ? 1 : 0 }]);
  const isCaughtUp = (): boolean => caughtUp.size === STEPS;
  return {
    role: standby.role,
    isCaughtUp,
    problem: () => {
      const role = standby.role();
      if (role === undefined) return 'not known yet who is active';
      return role === 'standby' || isCaughtUp() ? undefined : 'not caught up yet';
    },
    done: standby.done,
  };
}

async function notify(options: NotifierOptions, tenure: Tenure, onCaughtUp: (step: string) => void): Promise<void> {
  const { store, mails, logger, clock = systemClock, retry = RETRY, claimMs = CLAIM_MS } = options;
  const { signal, assertCurrent } = tenure;
  const sending = { store, clock, channels: options.channels, retry, claimMs, assertCurrent, logger, signal };
  const queue = notificationQueue(sending);
  const following = [
    follow({
      store,
      prefixes: PLANNED_FROM,
      checkpoint: checkpoint('notifier-plan', store, clock),
      take: planner({ store, clock, mails }),
      resumeAfter: (seen) => seen,
      onCaughtUp: () => onCaughtUp('plan'),
      assertCurrent,
      logger,
      signal,
    }),
    follow({
      store,
      prefixes: [streams.notification('')],
      checkpoint: checkpoint('notifier-queue', store, clock),
      take: queue.take,
      resumeAfter: queue.resumeAfter,
      onCaughtUp: () => {
        onCaughtUp('queue');
        queue.open();
      },
      assertCurrent,
      logger,
      signal,
    }),
  ];
  await Promise.all(following);
  await queue.close();
}
