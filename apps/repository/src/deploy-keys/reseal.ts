import type { SealedKey } from '@slipway/contracts';
import type { EventStore } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import { seal } from './seal.js';
import { keyIdOf, openSealed, type SecretKeys } from './secret-keys.js';
import { streamsOf } from './streams-of.js';

export interface ResealParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly secretKeys: SecretKeys;
}

/** How many sealed things there are, by what became of them. */
export interface Resealed {
  /** Sealed anew by this run. */
  readonly resealed: number;
  /** Under the present key already. */
  readonly current: number;
  /** No key of the environment opens them. */
  readonly unreadable: number;
}
export type Became = keyof Resealed;

/** Looks at every event stream of this prefix once. `reseal` tells what became of each thing that lies in it. */
export async function resealStreams(
  { store, prefix, signal }: { readonly store: EventStore; readonly prefix: string; readonly signal: AbortSignal },
  reseal: (stream: string) => Promise<readonly Became[]>,
): Promise<Resealed> {
  const counts = { resealed: 0, current: 0, unreadable: 0 };
  for (const stream of await streamsOf(store, prefix, signal)) {
    signal.throwIfAborted();
    for (const became of await reseal(stream)) counts[became] += 1;
  }
  return counts;
}

/** The same under the present key; a word where there is nothing to do, or no way to. */
export function sealedAnew(
  sealed: SealedKey,
  about: string,
  secretKeys: SecretKeys,
): SealedKey | 'current' | 'unreadable' {
  if (sealed.keyId === keyIdOf(secretKeys[0])) return 'current';
  const opened = openedOrNothing(() => openSealed(sealed, about, secretKeys));
  if (!opened) return 'unreadable';
  const anew = seal(opened, about, secretKeys[0]);
  opened.fill(0);
  return anew;
}

function openedOrNothing(open: () => Buffer): Buffer | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof AppError && error.code === 'DEPLOY_KEY_UNREADABLE') return undefined;
    throw error;
  }
}
