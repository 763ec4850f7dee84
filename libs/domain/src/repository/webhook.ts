import type { RepositoryEvent } from '@slipway/contracts';
import { changeable } from './change.js';
import type { IssueWebhook, ResealWebhook } from './commands.js';
import type { Repository } from './repository.js';

/** The former code and secret are of no use from then on. */
export function issueWebhook(command: IssueWebhook['data'], state: Repository): readonly RepositoryEvent[] {
  const { configId, webhook } = changeable(command, state);
  const { code, secret, by: issuedBy, at } = command;
  if (webhook?.code === code) return []; // the same command again
  return [{ type: 'WebhookIssued', data: { configId, code, secret, issuedBy, at } }];
}

/** A secret that was exchanged in between is nobody's business any more. */
export function resealWebhook(
  { code, secret, at }: ResealWebhook['data'],
  state: Repository,
): readonly RepositoryEvent[] {
  if (state.phase !== 'present' || state.webhook?.code !== code) return [];
  const { secret: before } = state.webhook;
  if (!before || before.keyId === secret.keyId) return [];
  return [{ type: 'WebhookSecretResealed', data: { configId: state.configId, code, secret, at } }];
}
