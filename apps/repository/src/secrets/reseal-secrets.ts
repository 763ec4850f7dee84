import { randomUUID } from 'node:crypto';
import type { SealedKey } from '@slipway/contracts';
import { secrets, type SecretCommand } from '@slipway/domain';
import { commandHandler, loadState, secretCodec } from '@slipway/event-store';
import { resealStreams, sealedAnew, type Became, type Resealed, type ResealParts } from '../deploy-keys/reseal.js';
import { aboutCredential, aboutSecret } from './sealed-secret.js';

/** One value that is kept, whatever it is. */
interface Kept {
  readonly sealed: SealedKey;
  readonly about: string;
  readonly reseal: (sealed: SealedKey, at: string) => SecretCommand;
}

const PREFIX = 'secrets-';
const ACTOR = 'service:repository';

/**
 * Seals every stored build secret and registry password that a former key of the environment sealed with the present one.
 * One that is set meanwhile stays as it was set. Safe to run twice, beside running services, and again after a crash.
 * @throws STORE_UNAVAILABLE
 */
export const resealSecrets = (parts: ResealParts, signal: AbortSignal): Promise<Resealed> =>
  resealStreams({ store: parts.store, prefix: PREFIX, signal }, (stream) => resealAll(parts, stream));

async function resealAll(parts: ResealParts, stream: string): Promise<readonly Became[]> {
  const { state } = await loadState({ store: parts.store, decider: secrets, codec: secretCodec }, stream);
  const became: Became[] = [];
  for (const kept of keptIn(stream.slice(PREFIX.length), state)) became.push(await resealOne(parts, stream, kept));
  return became;
}

function keptIn(namespace: string, state: typeof secrets.initial): readonly Kept[] {
  const kept = state.secrets.map((secret): Kept => {
    const { configId, name, value: sealed } = secret;
    return {
      sealed,
      about: aboutSecret(namespace, secret),
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
      reseal: (password, at) => ({
        type: 'ResealRegistryCredential',
        data: { namespace, host, password, formerTag: sealed.tag, at },
      }),
    };
  });
  return [...kept, ...passwords];
}

async function resealOne(
  { store, clock, secretKeys }: ResealParts,
  stream: string,
  { sealed, about, reseal }: Kept,
): Promise<Became> {
  const anew = sealedAnew(sealed, about, secretKeys);
  if (typeof anew === 'string') return anew;
  const at = clock.now();
  const commandId = randomUUID();
  const context = { commandId, at, actor: ACTOR, correlationId: commandId };
  await commandHandler(store, secrets, secretCodec)(stream, reseal(anew, at), context);
  return 'resealed';
}
