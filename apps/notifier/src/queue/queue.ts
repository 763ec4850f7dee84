import { streams } from '@slipway/contracts';
import { notification, targetKey, type Notification } from '@slipway/domain';
import { loadState, notificationCodec, type Position, type StoredEvent } from '@slipway/event-store';
import { attempts, type AttemptParts } from './attempt.js';
import { watch } from '@slipway/platform';
import { createLanes } from './lanes.js';

export interface Queue {
  /** Every event of every notification, in order. */
  readonly take: (event: StoredEvent) => Promise<void>;
  /** Whoever starts anew must read from after there. */
  readonly resumeAfter: (seen: Position) => Position;
  /** Everything that was there has been read: what is open now is really open. */
  readonly open: () => void;
  readonly close: () => Promise<void>;
}

interface Open {
  readonly state: Notification;
  /** Of the event that opened it. */
  readonly position: Position;
}

/** What is still to be told, kept in memory as a fold of the event streams that remember it. */
export function notificationQueue(parts: AttemptParts): Queue {
  const open = new Map<string, Open>();
  watch('slipway_queued_notifications', () => countByKind(Object.keys(parts.channels), open.values()));
  const attempt = attempts(parts);
  const lanes = createLanes({
    nowMs: () => Date.parse(parts.clock.now()),
    run: async (id) => {
      const lookAgainAt = await attempt(id);
      if (lookAgainAt !== undefined) schedule(id, lookAgainAt);
    },
  });
  const schedule = (id: string, notBefore: string): void => {
    const state = open.get(id)?.state;
    if (state?.phase === 'open')
      lanes.schedule({ id, lane: targetKey(state.target), notBeforeMs: Date.parse(notBefore) });
  };

  return {
    take: async (stored) => {
      const event = notificationCodec.decode(stored);
      if (event === undefined) return;
      const { notificationId: id } = event.data;
      const known = open.get(id);
      const isKnown = known !== undefined || event.type === 'NotificationDue';
      const state = isKnown
        ? notification.evolve(known?.state ?? notification.initial, event)
        : await stateOf(parts, id); // opened again, long after it was due
      if (state.phase !== 'open') {
        open.delete(id);
        return lanes.drop(id);
      }
      open.set(id, { state, position: known?.position ?? stored.position });
      schedule(id, state.notBefore);
    },
    resumeAfter: (seen) => {
      let oldest = seen + 1;
      for (const { position } of open.values()) oldest = Math.min(oldest, position);
      return oldest - 1;
    },
    open: lanes.open,
    close: lanes.close,
  };
}

function countByKind(kinds: readonly string[], open: Iterable<Open>) {
  const counts = new Map(kinds.map((kind) => [kind, 0]));
  for (const { state } of open)
    if (state.phase === 'open') counts.set(state.target.kind, (counts.get(state.target.kind) ?? 0) + 1);
  return [...counts].map(([kind, value]) => ({ labels: { kind }, value }));
}

const stateOf = async ({ store }: AttemptParts, id: string): Promise<Notification> =>
  (await loadState({ store, decider: notification, codec: notificationCodec }, streams.notification(id))).state;
