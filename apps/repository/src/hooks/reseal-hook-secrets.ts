import { randomUUID } from 'node:crypto';
import { streams } from '@slipway/contracts';
import { hooks } from '@slipway/domain';
import { commandHandler, hookCodec, loadState } from '@slipway/event-store';
import { resealStreams, sealedAnew, type Became, type Resealed, type ResealParts } from '../deploy-keys/reseal.js';
import { bindingOf } from './change-hooks.js';

const ACTOR = 'service:repository';

/** The secrets of outgoing webhooks, as `resealDeployKeys` does with deploy keys. @throws STORE_UNAVAILABLE */
export const resealHookSecrets = (parts: ResealParts, signal: AbortSignal): Promise<Resealed> =>
  resealStreams({ store: parts.store, prefix: streams.hooks(''), signal }, (stream) => resealAll(parts, stream));

async function resealAll({ store, clock, secretKeys }: ResealParts, stream: string): Promise<readonly Became[]> {
  const { state } = await loadState({ store, decider: hooks, codec: hookCodec }, stream);
  const namespace = stream.slice(streams.hooks('').length);
  const handle = commandHandler(store, hooks, hookCodec);
  const became: Became[] = [];
  for (const { hookId, secret: sealed } of state) {
    const secret = sealedAnew(sealed, bindingOf(hookId), secretKeys);
    became.push(typeof secret === 'string' ? secret : 'resealed');
    if (typeof secret === 'string') continue;
    const at = clock.now();
    const commandId = randomUUID();
    const command = { type: 'ResealHookSecret' as const, data: { namespace, hookId, secret, at } };
    await handle(stream, command, { commandId, at, actor: ACTOR, correlationId: commandId });
  }
  return became;
}
