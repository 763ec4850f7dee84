import { randomUUID } from 'node:crypto';
import { repository } from '@slipway/domain';
import { commandHandler, loadState, repositoryCodec } from '@slipway/event-store';
import { resealStreams, sealedAnew, type Became, type Resealed, type ResealParts } from './reseal.js';

const ACTOR = 'service:repository';

/**
 * Seals every stored deploy key that a former key of the environment sealed with the present one. What was sealed
 * before stays in earlier events: whoever has the former key and those events can still read it. Safe to run twice,
 * beside running services, and again after a crash.
 * @throws STORE_UNAVAILABLE
 */
export const resealDeployKeys = (parts: ResealParts, signal: AbortSignal): Promise<Resealed> =>
  resealStreams({ store: parts.store, prefix: 'repository-', signal }, (stream) => resealOne(parts, stream));

/** Nothing, where there is no repository of this name any more. */
async function resealOne({ store, clock, secretKeys }: ResealParts, stream: string): Promise<readonly Became[]> {
  const { state } = await loadState({ store, decider: repository, codec: repositoryCodec }, stream);
  if (state.phase !== 'present' || !state.deployKey) return [];
  const { namespace, repoName, deployKey } = state;
  const { publicKey } = deployKey;
  const privateKey = sealedAnew(deployKey.privateKey, publicKey, secretKeys);
  if (typeof privateKey === 'string') return [privateKey];
  const at = clock.now();
  const commandId = randomUUID();
  const handle = commandHandler(store, repository, repositoryCodec);
  const command = {
    type: 'ResealDeployKey' as const,
    data: { namespace, repoName, by: ACTOR, publicKey, privateKey, at },
  };
  await handle(stream, command, { commandId, at, actor: ACTOR, correlationId: commandId });
  return ['resealed'];
}
