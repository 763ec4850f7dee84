import { randomUUID } from 'node:crypto';
import { streams } from '@slipway/contracts';
import type { EventStore, Position } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { z } from 'zod';

const Advanced = z.object({ after: z.int().nonnegative() });
const KEPT = 10;

/** Where one of the notifier's two subscriptions goes on. Any notifier may write it: each writes a place that is early enough. */
export interface Checkpoint {
  readonly read: () => Promise<Position | undefined>;
  readonly write: (after: Position) => Promise<void>;
}

export function checkpoint(name: string, store: EventStore, clock: Clock): Checkpoint {
  const stream = streams.checkpoint(name);
  return {
    read: async () => {
      const [last] = await store.readLast(stream, 1);
      return last && Advanced.parse(last.data).after;
    },
    write: async (after) => {
      const id = randomUUID();
      const metadata = { at: clock.now(), actor: 'service:notifier', $correlationId: id, $causationId: id, version: 1 };
      await store.append(stream, [{ id, type: 'NotifierAdvanced', data: { after }, metadata }], 'any');
      await store.retain(stream, { maxCount: KEPT });
    },
  };
}
