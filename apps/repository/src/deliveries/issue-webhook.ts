import type { KeyObject } from 'node:crypto';
import { commandEnvelope, IssueWebhookCommand, streams, type CommandReply } from '@slipway/contracts';
import { repository } from '@slipway/domain';
import { commandHandler, repositoryCodec, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { seal } from '../deploy-keys/seal.js';
import { contextOf, replyWith } from '../repositories/reply.js';
import { reserveWebhook } from './webhook-code.js';

export const IssueWebhookMessage = commandEnvelope(IssueWebhookCommand);
export type IssueWebhookMessage = z.infer<typeof IssueWebhookMessage>;

export interface IssueWebhookParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly secretKey: KeyObject;
}

/** Answers `cmd.repository.issue-webhook`. Safe to run twice. @throws REPOSITORY_NOT_FOUND, REPOSITORY_CLOSING */
export function issueWebhookHandler({
  store,
  clock,
  secretKey,
}: IssueWebhookParts): (message: IssueWebhookMessage) => Promise<CommandReply> {
  const handle = commandHandler(store, repository, repositoryCodec);
  return async ({ command: { namespace, repo_name: repoName, code, secret }, ...sender }) => {
    const at = clock.now();
    const context = contextOf(sender, at);
    const stream = streams.repository(namespace, repoName);
    await reserveWebhook(store, { namespace, repoName, webhookCode: code }, context);
    const sealed = seal(Buffer.from(secret), bindingOf(code), secretKey);
    const data = { namespace, repoName, by: sender.actor, at, code, secret: sealed };
    await handle(stream, { type: 'IssueWebhook', data }, context);
    return replyWith(store, stream);
  };
}

/** What the secret is sealed beside, so that it opens in no other place. */
export const bindingOf = (code: string): string => `webhook/${code}`;
