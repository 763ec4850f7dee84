import { randomUUID } from 'node:crypto';
import { repository } from '@slipway/domain';
import { commandHandler, loadState, repositoryCodec } from '@slipway/event-store';
import { resealStreams, sealedAnew, type Became, type Resealed, type ResealParts } from '../deploy-keys/reseal.js';
import { bindingOf } from './issue-webhook.js';

const ACTOR = 'service:repository';

/** What deliveries are signed with, as `resealDeployKeys` does with deploy keys. @throws STORE_UNAVAILABLE */
export const resealWebhookSecrets = (parts: ResealParts, signal: AbortSignal): Promise<Resealed> =>
  resealStreams({ store: parts.store, prefix: 'repository-', signal }, (stream) => resealOne(parts, stream));

async function resealOne({ store, clock, secretKeys }: ResealParts, stream: string): Promise<readonly Became[]> {
  const { state } = await loadState({ store, decider: repository, codec: repositoryCodec }, stream);
  if (state.phase !== 'present' || !state.webhook?.secret) return [];
  const { namespace, repoName, webhook } = state;
  const { code } = webhook;
  const secret = sealedAnew(state.webhook.secret, bindingOf(code), secretKeys);
  if (typeof secret === 'string') return [secret];
  const at = clock.now();
  const commandId = randomUUID();
  const command = { type: 'ResealWebhook' as const, data: { namespace, repoName, by: ACTOR, code, secret, at } };
  const handle = commandHandler(store, repository, repositoryCodec);
  await handle(stream, command, { commandId, at, actor: ACTOR, correlationId: commandId });
  return ['resealed'];
}
