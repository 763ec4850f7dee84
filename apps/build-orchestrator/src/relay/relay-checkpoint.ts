import { randomUUID } from 'node:crypto';
import { streams } from '@slipway/contracts';
import type { EventStore, Position } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { z } from 'zod';

const STREAM = streams.checkpoint('relay');
const Checkpoint = z.object({ after: z.int().nonnegative() });

/** Where a relay starts to follow `$all`: before the oldest build that may still be open. */
export async function readRelayCheckpoint(store: EventStore): Promise<Position | undefined> {
  const [last] = await store.readLast(STREAM, 1);
  return last && Checkpoint.parse(last.data).after;
}

/** Any relay may write it: each writes a place that is early enough. */
export async function writeRelayCheckpoint(store: EventStore, after: Position, clock: Clock): Promise<void> {
  const id = randomUUID();
  const actor = 'service:build-orchestrator';
  const metadata = { at: clock.now(), actor, $correlationId: id, $causationId: id, version: 1 };
  await store.append(STREAM, [{ id, type: 'RelayAdvanced', data: { after }, metadata }], 'any');
  await store.retain(STREAM, { maxCount: 10 });
}
