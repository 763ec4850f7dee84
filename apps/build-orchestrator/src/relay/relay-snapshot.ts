import { randomUUID } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { NamespaceQuota, streams } from '@slipway/contracts';
import type { EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { z } from 'zod';

const STREAM = streams.checkpoint('builds');
/** An event holds 1 MiB; this leaves room for what stands beside it. */
const MAX_BYTES = 1_000_000;
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

const Snapshot = z.object({
  /** Nothing up to here is needed to know the open builds again. */
  startAfter: z.int().nonnegative(),
  /** What follows is counted up to here. */
  countedUpTo: z.int().nonnegative(),
  ended: z.record(z.string(), z.object({ month: z.int(), buildMs: z.number(), logBytes: z.number() })),
  granted: z.record(z.string(), NamespaceQuota),
});
export type RelaySnapshot = Readonly<z.infer<typeof Snapshot>>;

/** Where a relay starts to follow `$all`, and what it knows by then. Absent: it reads everything, once. */
export async function readRelaySnapshot(store: EventStore): Promise<RelaySnapshot | undefined> {
  const [last] = await store.readLast(STREAM, 1);
  if (!last) return undefined;
  if (!(last.data instanceof Uint8Array)) throw new TypeError(`${STREAM} holds no snapshot`);
  const text = zstdDecompressSync(last.data, { maxOutputLength: MAX_UNPACKED_BYTES }).toString('utf8');
  return Snapshot.parse(JSON.parse(text));
}

/**
 * Any relay may write it: each writes what is true of the place that it has read up to. Answers whether there was room:
 * without a newer one a relay begins at an older one, and counts the same.
 */
export async function writeRelaySnapshot(store: EventStore, snapshot: RelaySnapshot, clock: Clock): Promise<boolean> {
  const data = new Uint8Array(zstdCompressSync(JSON.stringify(snapshot)));
  if (data.byteLength > MAX_BYTES) return false;
  const id = randomUUID();
  const actor = 'service:build-orchestrator';
  const metadata = { at: clock.now(), actor, $correlationId: id, $causationId: id, version: 1 };
  await store.append(STREAM, [{ id, type: 'BuildsCounted', data, metadata }], 'any');
  await store.retain(STREAM, { maxCount: 10 });
  return true;
}
