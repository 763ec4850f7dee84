import { randomUUID } from 'node:crypto';
import type { SealedKey } from '@slipway/contracts';
import { secrets, type SecretCommand } from '@slipway/domain';
import { commandHandler, loadState, secretCodec, type EventStore } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import type { Resealed } from '../deploy-keys/reseal-deploy-keys.js';
import { seal } from '../deploy-keys/seal.js';
import { keyIdOf, type SecretKeys } from '../deploy-keys/secret-keys.js';
import { streamsOf } from '../deploy-keys/streams-of.js';
import { aboutCredential, aboutSecret, openCredential, openSecret } from './sealed-secret.js';

interface Parts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly secretKeys: SecretKeys;
}

/** One value that is kept, whatever it is. */
interface Kept {
  readonly sealed: SealedKey;
  readonly about: string;
  readonly open: () => Buffer;
  readonly reseal: (sealed: SealedKey, at: string) => SecretCommand;
}

const PREFIX = 'secrets-';
const ACTOR = 'service:repository';

/**
 * Seals every stored build secret and registry password that a former key of the environment sealed with the present one.
 * One that is set meanwhile stays as it was set. Safe to run twice, beside running services, and again after a crash.
 * @throws STORE_UNAVAILABLE
 */
export async function resealSecrets(parts: Parts, signal: AbortSignal): Promise<Resealed> {
  const counts = { resealed: 0, current: 0, unreadable: 0 };
  const { store, secretKeys } = parts;
  for (const stream of await streamsOf(store, PREFIX, signal)) {
    const { state } = await loadState({ store, decider: secrets, codec: secretCodec }, stream);
    for (const kept of keptIn(stream.slice(PREFIX.length), state, secretKeys)) {
      signal.throwIfAborted();
      counts[await resealOne(parts, stream, kept)] += 1;
    }
  }
  return counts;
}

function keptIn(namespace: string, state: typeof secrets.initial, secretKeys: SecretKeys): readonly Kept[] {
  const kept = state.secrets.map((secret): Kept => {
    const { configId, name, value: sealed } = secret;
    return {
      sealed,
      about: aboutSecret(namespace, secret),
      open: () => openSecret(namespace, secret, secretKeys),
      reseal: (value, at) => ({
        type: 'ResealSecret',
        data: { namespace, configId, name, value, formerTag: sealed.tag, at },
      }),
    };
  });
  const passwords = state.credentials.map((credential): Kept => {
    const { host, password: sealed } = credential;
    return {
      sealed,
      about: aboutCredential(namespace, credential),
      open: () => openCredential(namespace, credential, secretKeys),
      reseal: (password, at) => ({
        type: 'ResealRegistryCredential',
        data: { namespace, host, password, formerTag: sealed.tag, at },
      }),
    };
  });
  return [...kept, ...passwords];
}

async function resealOne(
  { store, clock, secretKeys }: Parts,
  stream: string,
  { sealed, about, open, reseal }: Kept,
): Promise<keyof Resealed> {
  if (sealed.keyId === keyIdOf(secretKeys[0])) return 'current';
  const opened = openedOrNothing(open);
  if (!opened) return 'unreadable';
  const anew = seal(opened, about, secretKeys[0]);
  opened.fill(0);
  const at = clock.now();
  const commandId = randomUUID();
  const context = { commandId, at, actor: ACTOR, correlationId: commandId };
  await commandHandler(store, secrets, secretCodec)(stream, reseal(anew, at), context);
  return 'resealed';
}

function openedOrNothing(open: () => Buffer): Buffer | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof AppError && error.code === 'SECRET_UNREADABLE') return undefined;
    throw error;
  }
}
