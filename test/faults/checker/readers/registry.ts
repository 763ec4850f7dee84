import type { StoredEvent } from '@slipway/event-store';
import { connectRegistry } from '../../../e2e/lib/registry.js';
import { ownTags, publicTags } from '../invariants/digests.js';
import { timelinesOf } from '../timeline.js';

/** What lies under every tag that the events speak of. */
export async function digestsIn(url: string, events: readonly StoredEvent[]): Promise<ReadonlyMap<string, string>> {
  const registry = connectRegistry(url);
  const found = new Map<string, string>();
  for (const { reference } of [...ownTags(timelinesOf(events)), ...publicTags(events)]) {
    const colon = reference.lastIndexOf(':');
    const digest = await registry.digestOf(reference.slice(0, colon), reference.slice(colon + 1));
    if (digest !== undefined) found.set(reference, digest);
  }
  return found;
}
