import {
  commandEnvelope,
  IssueTokenCommand,
  RevokeTokenCommand,
  streams,
  UserName,
  type CommandReply,
  type SignInCommand,
  type SignInReply,
} from '@slipway/contracts';
import { user, type IssueToken, type UserCommand } from '@slipway/domain';
import { commandHandler, userCodec, uuidV5 } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import type { z } from 'zod';
import { contextOf, replyWithShown, type Sender } from '../repositories/reply.js';
import { loadUser } from './standing.js';
import type { UserParts } from './user-desk.js';

export const IssueTokenMessage = commandEnvelope(IssueTokenCommand);
export type IssueTokenMessage = z.infer<typeof IssueTokenMessage>;

export const RevokeTokenMessage = commandEnvelope(RevokeTokenCommand);
export type RevokeTokenMessage = z.infer<typeof RevokeTokenMessage>;

/** Nobody here ever sees a token: whoever asks makes it, and says its hash. Safe to run twice. */
export interface TokenDesk {
  /** For a password. @throws CREDENTIALS_INVALID, SERVICE_UNAVAILABLE, STORE_UNAVAILABLE */
  readonly signIn: (command: SignInCommand) => Promise<SignInReply>;
  /** For the asker; answers with that one event. @throws USER_NOT_FOUND, TOKEN_LIMIT_REACHED, STORE_UNAVAILABLE */
  readonly issue: (message: IssueTokenMessage) => Promise<CommandReply>;
  /** One of the asker's. @throws USER_NOT_FOUND, TOKEN_NOT_FOUND, STORE_UNAVAILABLE */
  readonly revoke: (message: RevokeTokenMessage) => Promise<CommandReply>;
}

export function tokenDesk({ store, clock, passwords }: UserParts): TokenDesk {
  const handle = commandHandler(store, user, userCodec);
  const say = async (command: UserCommand, sender: Sender): Promise<number> =>
    (await handle(streams.user(command.data.name), command, contextOf(sender, command.data.at))).position;

  return {
    signIn: async ({ username, password, tokenHash, correlationId }) => {
      const name = UserName.safeParse(username).data;
      const known = name === undefined ? undefined : await loadUser(store, name);
      const isRight = await passwords.verify(password, known?.user.password ?? null);
      if (name === undefined || !known?.user.password || !isRight || !known.standing.isActive)
        throw new AppError('CREDENTIALS_INVALID');
      const commandId = uuidV5(`login/${tokenHash}`);
      const forPassword = known.user.password.hash;
      const data = { name, tokenId: commandId, tokenHash, isLogin: true, forPassword, at: clock.now() };
      const position = await say({ type: 'IssueToken', data }, { commandId, actor: name, correlationId });
      return { username: name, position };
    },

    issue: async ({ command: { body, tokenHash }, ...sender }) => {
      const { name: title, scope, namespace } = body;
      const at = clock.now();
      const data: IssueToken = {
        name: sender.actor,
        tokenId: sender.commandId,
        tokenHash,
        title,
        scope,
        ...(namespace !== null && { namespace }),
        ...expiryOf(body, at),
        at,
      };
      await say({ type: 'IssueToken', data }, sender);
      return replyWithShown(store, streams.user(data.name), (stored) => {
        const event = userCodec.decode(stored);
        return event?.type === 'TokenIssued' && event.data.tokenId === data.tokenId ? event : undefined;
      });
    },

    revoke: async ({ command: { tokenId }, ...sender }) => {
      const name = sender.actor;
      await say({ type: 'RevokeToken', data: { name, tokenId, at: clock.now() } }, sender);
      return replyWithShown(store, streams.user(name), () => undefined);
    },
  };
}

export const expiryOf = (
  { expires_in }: { readonly expires_in: number | null },
  at: string,
): { readonly expiresAt?: string } =>
  expires_in === null ? {} : { expiresAt: new Date(Date.parse(at) + expires_in * 1_000).toISOString() };
