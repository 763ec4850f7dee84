import type { EventReader } from './event-reader.js';
import { isMetastream } from './events.js';
import type { StreamHead } from './stream-heads.js';
import { isSoftDeleted } from './stream-metadata.js';

/**
 * The first revision of a stream that is still there by `$tb`, `$maxCount` and `$maxAge`; one past the last when none
 * is. Whatever the limits are, they cut a stream in one place: time does not run backwards in it.
 */
export function lowestRevision(head: StreamHead, reader: EventReader, nowMs: number): number {
  const { id, name, lastRevision, isTombstoned, metadata } = head;
  if (isTombstoned) return lastRevision; // the tombstone itself
  if (isSoftDeleted(metadata)) return lastRevision + 1;
  if (isMetastream(name)) return lastRevision; // only the newest metadata counts
  const { truncateBefore, maxCount, maxAgeSeconds } = metadata;
  const lowest = Math.max(0, truncateBefore ?? 0, maxCount === null ? 0 : lastRevision - maxCount + 1);
  if (maxAgeSeconds === null) return lowest;
  return reader.firstRevisionSince(id, nowMs - maxAgeSeconds * 1_000, { lowest, last: lastRevision });
}
