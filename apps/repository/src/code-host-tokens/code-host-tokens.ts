import type { KeyObject } from 'node:crypto';
import {
  commandEnvelope,
  RemoveCodeHostTokenCommand,
  SetCodeHostTokenCommand,
  streams,
  type CodeHostTokensQuery,
  type CodeHostTokensReply,
  type StatusHost,
} from '@slipway/contracts';
import { codeHostTokens, type CodeHostTokenCommand, type CodeHostTokens } from '@slipway/domain';
import { codeHostTokenCodec, commandHandler, loadState, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { seal } from '../deploy-keys/seal.js';
import { contextOf, type Sender } from '../repositories/reply.js';

export const SetCodeHostTokenMessage = commandEnvelope(SetCodeHostTokenCommand);
export type SetCodeHostTokenMessage = z.infer<typeof SetCodeHostTokenMessage>;

export const RemoveCodeHostTokenMessage = commandEnvelope(RemoveCodeHostTokenCommand);
export type RemoveCodeHostTokenMessage = z.infer<typeof RemoveCodeHostTokenMessage>;

/** Every answer holds all tokens of the namespace: that they are there, and nothing of them. Safe to run twice. */
export interface CodeHostTokenDesk {
  readonly set: (message: SetCodeHostTokenMessage) => Promise<CodeHostTokensReply>;
  /** @throws CODE_HOST_TOKEN_NOT_FOUND */
  readonly remove: (message: RemoveCodeHostTokenMessage) => Promise<CodeHostTokensReply>;
  readonly list: (query: CodeHostTokensQuery) => Promise<CodeHostTokensReply>;
}

/** `secretKey` seals the tokens; the notifier opens them with the same. @throws STORE_UNAVAILABLE from each */
export function codeHostTokenDesk({
  store,
  clock,
  secretKey,
}: {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly secretKey: KeyObject;
}): CodeHostTokenDesk {
  const handle = commandHandler(store, codeHostTokens, codeHostTokenCodec);
  const say = async (command: CodeHostTokenCommand, sender: Sender): Promise<CodeHostTokensReply> => {
    const { namespace, at } = command.data;
    return viewOf((await handle(streams.codeHostTokens(namespace), command, contextOf(sender, at))).state);
  };
  return {
    set: ({ command: { body, ...named }, ...sender }) => {
      const token = seal(Buffer.from(body.api_token), bindingOf(named), secretKey);
      const data = { ...named, apiUser: body.api_user, token, by: sender.actor, at: clock.now() };
      return say({ type: 'SetCodeHostToken', data }, sender);
    },
    remove: ({ command: named, ...sender }) =>
      say({ type: 'RemoveCodeHostToken', data: { ...named, by: sender.actor, at: clock.now() } }, sender),
    list: async ({ namespace }) => {
      const what = { store, decider: codeHostTokens, codec: codeHostTokenCodec };
      return viewOf((await loadState(what, streams.codeHostTokens(namespace))).state);
    },
  };
}

/** What a token is sealed beside, so that it opens for no other namespace or host. */
export const bindingOf = ({ namespace, client }: { readonly namespace: string; readonly client: StatusHost }): string =>
  `code-host-token/${namespace}/${client}`;

const viewOf = (state: CodeHostTokens): CodeHostTokensReply => ({
  tokens: [...state]
    .map(([code_repo_client, { apiUser: api_user, setBy: set_by, setAt: set_at }]) => ({
      code_repo_client,
      api_user,
      set_by,
      set_at,
    }))
    .sort((a, b) => (a.code_repo_client < b.code_repo_client ? -1 : 1)),
});
