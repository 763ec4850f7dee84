import { randomUUID } from 'node:crypto';
import { repository } from '@slipway/domain';
import { commandHandler, loadState, repositoryCodec, type EventStore } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import { seal } from './seal.js';
import { keyIdOf, openSealed, type SecretKeys } from './secret-keys.js';
import { streamsOf } from './streams-of.js';

/** How many sealed things there are, by what became of them. */
export interface Resealed {
  /** Sealed anew by this run. */
  readonly resealed: number;
  /** Under the present key already. */
  readonly current: number;
  /** No key of the environment opens them. */
  readonly unreadable: number;
}

const ACTOR = 'service:repository';

/**
 * Seals every stored deploy key that a former key of the environment sealed with the present one. What was sealed
 * before stays in earlier events: whoever has the former key and those events can still read it. Safe to run twice,
 * beside running services, and again after a crash.
 * @throws STORE_UNAVAILABLE
 */
export async function resealDeployKeys(
  { store, clock, secretKeys }: { readonly store: EventStore; readonly clock: Clock; readonly secretKeys: SecretKeys },
  signal: AbortSignal,
): Promise<Resealed> {
  const counts = { resealed: 0, current: 0, unreadable: 0 };
  for (const stream of await streamsOf(store, 'repository-', signal)) {
    signal.throwIfAborted();
    const became = await resealOne({ store, clock, secretKeys }, stream);
    if (became) counts[became] += 1;
  }
  return counts;
}

/** `undefined`: there is no repository of this name any more. */
async function resealOne(
  { store, clock, secretKeys }: { readonly store: EventStore; readonly clock: Clock; readonly secretKeys: SecretKeys },
  stream: string,
): Promise<keyof Resealed | undefined> {
  const { state } = await loadState({ store, decider: repository, codec: repositoryCodec }, stream);
  if (state.phase !== 'present' || !state.deployKey) return undefined;
  const { namespace, repoName, deployKey } = state;
  const { publicKey, privateKey: sealed } = deployKey;
  const present = keyIdOf(secretKeys[0]);
  if (sealed.keyId === present) return 'current';
  const opened = openedOrNothing(() => openSealed(sealed, publicKey, secretKeys));
  if (!opened) return 'unreadable';
  const privateKey = seal(opened, publicKey, secretKeys[0]);
  opened.fill(0);
  const at = clock.now();
  const commandId = randomUUID();
  const handle = commandHandler(store, repository, repositoryCodec);
  const command = {
    type: 'ResealDeployKey' as const,
    data: { namespace, repoName, by: ACTOR, publicKey, privateKey, at },
  };
  await handle(stream, command, { commandId, at, actor: ACTOR, correlationId: commandId });
  return 'resealed';
}

function openedOrNothing(open: () => Buffer): Buffer | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof AppError && error.code === 'DEPLOY_KEY_UNREADABLE') return undefined;
    throw error;
  }
}
