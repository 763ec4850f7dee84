import type { NatsConnection } from '@nats-io/transport-node';
import {
  CodeHostTokensReply,
  commandSubjects,
  querySubjects,
  type CodeHostTokensQuery,
  type CodeHostTokenView,
  type RemoveCodeHostTokenCommand,
  type SetCodeHostTokenCommand,
} from '@slipway/contracts';
import { request } from '@slipway/messaging';
import type { Sender } from '../commands/sender.js';

/** The repository service's word on tokens for code hosts. There is no view of them: they are few, and asked for seldom. */
export interface CodeHostTokenDesk {
  /** By the names of the code hosts. @throws SERVICE_UNAVAILABLE */
  readonly list: (namespace: string) => Promise<readonly CodeHostTokenView[]>;
  /** Answers all of the namespace. @throws SERVICE_UNAVAILABLE */
  readonly set: (command: SetCodeHostTokenCommand, sender: Sender) => Promise<readonly CodeHostTokenView[]>;
  /** @throws CODE_HOST_TOKEN_NOT_FOUND; SERVICE_UNAVAILABLE */
  readonly remove: (command: RemoveCodeHostTokenCommand, sender: Sender) => Promise<void>;
}

export function codeHostTokenDesk(nats: NatsConnection): CodeHostTokenDesk {
  const ask = async (subject: string, payload: unknown): Promise<readonly CodeHostTokenView[]> =>
    (await request(nats, subject, payload, { reply: CodeHostTokensReply })).tokens;
  return {
    list: (namespace) => ask(querySubjects.codeHostTokens, { namespace } satisfies CodeHostTokensQuery),
    set: (command, sender) => ask(commandSubjects.setCodeHostToken, { ...sender, command }),
    remove: async (command, sender) => void (await ask(commandSubjects.removeCodeHostToken, { ...sender, command })),
  };
}
