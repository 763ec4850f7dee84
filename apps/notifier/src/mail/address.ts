import { streams } from '@slipway/contracts';
import type { EventStore } from '@slipway/event-store';
import { z } from 'zod';

const WithAddress = z.object({ email: z.email().nullable() });

/** The address that the user's newest event with one names. `undefined`: there is none. */
export async function addressOf(store: EventStore, userName: string): Promise<string | undefined> {
  const stored = await store.read(streams.user(userName));
  for (const { data } of [...stored].reverse()) {
    const named = WithAddress.safeParse(data);
    if (named.success) return named.data.email ?? undefined;
  }
  return undefined;
}
