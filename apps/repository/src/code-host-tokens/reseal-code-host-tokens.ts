import { randomUUID } from 'node:crypto';
import { streams } from '@slipway/contracts';
import { codeHostTokens } from '@slipway/domain';
import { codeHostTokenCodec, commandHandler, loadState } from '@slipway/event-store';
import { resealStreams, sealedAnew, type Became, type Resealed, type ResealParts } from '../deploy-keys/reseal.js';
import { bindingOf } from './code-host-tokens.js';

const ACTOR = 'service:repository';

/** The tokens for code hosts, as `resealDeployKeys` does with deploy keys. @throws STORE_UNAVAILABLE */
export const resealCodeHostTokens = (parts: ResealParts, signal: AbortSignal): Promise<Resealed> =>
  resealStreams({ store: parts.store, prefix: streams.codeHostTokens(''), signal }, (stream) =>
    resealAll(parts, stream),
  );

async function resealAll({ store, clock, secretKeys }: ResealParts, stream: string): Promise<readonly Became[]> {
  const { state } = await loadState({ store, decider: codeHostTokens, codec: codeHostTokenCodec }, stream);
  const namespace = stream.slice(streams.codeHostTokens('').length);
  const handle = commandHandler(store, codeHostTokens, codeHostTokenCodec);
  const became: Became[] = [];
  for (const [client, { token: sealed, setAt }] of state) {
    const token = sealedAnew(sealed, bindingOf({ namespace, client }), secretKeys);
    became.push(typeof token === 'string' ? token : 'resealed');
    if (typeof token === 'string') continue;
    const at = clock.now();
    const commandId = randomUUID();
    const command = { type: 'ResealCodeHostToken' as const, data: { namespace, client, setAt, token, at } };
    await handle(stream, command, { commandId, at, actor: ACTOR, correlationId: commandId });
  }
  return became;
}
