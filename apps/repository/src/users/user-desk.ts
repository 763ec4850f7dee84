import {
  ChangePasswordCommand,
  commandEnvelope,
  CreateUserCommand,
  streams,
  UpdateUserCommand,
  type CommandReply,
  type UserEvent,
} from '@slipway/contracts';
import { standings, user, type StandingCommand, type UserCommand } from '@slipway/domain';
import { commandHandler, userCodec, uuidV5, type EventStore } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { claimForUser } from '../namespaces/claim-namespace.js';
import { contextOf, replyWithShown, type Sender } from '../repositories/reply.js';
import type { Passwords } from './password.js';
import { loadUser } from './standing.js';

export const CreateUserMessage = commandEnvelope(CreateUserCommand);
export type CreateUserMessage = z.infer<typeof CreateUserMessage>;

export const UpdateUserMessage = commandEnvelope(UpdateUserCommand);
export type UpdateUserMessage = z.infer<typeof UpdateUserMessage>;

export const ChangePasswordMessage = commandEnvelope(ChangePasswordCommand);
export type ChangePasswordMessage = z.infer<typeof ChangePasswordMessage>;

export interface UserParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly passwords: Passwords;
}

/** Every answer holds all events of the user, but no hash of a password. Safe to run twice. */
export interface UserDesk {
  /** @throws USER_EXISTS; NAMESPACE_EXISTS when an organisation has the name; SERVICE_UNAVAILABLE, STORE_UNAVAILABLE */
  readonly create: (message: CreateUserMessage) => Promise<CommandReply>;
  /** @throws USER_NOT_FOUND, LAST_ADMINISTRATOR, PASSWORD_REFUSED, SERVICE_UNAVAILABLE, STORE_UNAVAILABLE */
  readonly update: (message: UpdateUserMessage) => Promise<CommandReply>;
  /** Of the asker. @throws USER_NOT_FOUND, PASSWORD_WRONG, PASSWORD_REFUSED, SERVICE_UNAVAILABLE, STORE_UNAVAILABLE */
  readonly changePassword: (message: ChangePasswordMessage) => Promise<CommandReply>;
}

type Say = (command: UserCommand) => Promise<void>;

export function userDesk({ store, clock, passwords }: UserParts): UserDesk {
  const decide = commandHandler(store, user, userCodec);
  const decideStanding = commandHandler(store, standings, userCodec);
  /** Each step of a command is a command of its own: a repeated one finds what it did. */
  const stepOf = (sender: Sender, step: string): Sender => ({
    ...sender,
    commandId: uuidV5(`${sender.commandId}/${step}`),
  });
  const sayAs =
    (sender: Sender): Say =>
    async (command) =>
      void (await decide(
        streams.user(command.data.name),
        command,
        contextOf(stepOf(sender, command.type), command.data.at),
      ));
  const sayStanding = (command: StandingCommand, sender: Sender): Promise<unknown> =>
    decideStanding(streams.standings(), command, contextOf(stepOf(sender, command.type), command.data.at));

  return {
    create: async ({ command: { username: name, email, password, is_admin: isAdmin }, ...sender }) => {
      const at = clock.now();
      const hash = password === null ? null : await passwords.hash(password);
      const isFree = await claimForUser(store, name, contextOf(sender, at));
      if (!isFree) throw new AppError('NAMESPACE_EXISTS', { name, source: 'username' });
      const by = sender.actor;
      await decide(
        streams.user(name),
        { type: 'CreateUser', data: { name, isAdmin, email, password: hash, by, at } },
        contextOf(sender, at),
      );
      if (isAdmin) await sayStanding({ type: 'NoteAdministrator', data: { name, by, at } }, sender);
      return replyOf(store, name);
    },

    update: async ({ command: { username: name, body }, ...sender }) => {
      const say = sayAs(sender);
      const said = { name, by: sender.actor, at: clock.now() };
      const { email, password, is_admin: isAdmin, is_active: isActive } = body;
      const known = await knownUser(store, name);
      if (password !== undefined && known.user.identity) throw new AppError('PASSWORD_REFUSED', { username: name });
      const hash = password === undefined ? undefined : await passwords.hash(password);
      // Before and after: none of them is good again with the user, be it that it was issued meanwhile.
      if (isActive === true && !known.standing.isActive) await say({ type: 'RevokeTokens', data: said });
      const wanted = { ...(isAdmin !== undefined && { isAdmin }), ...(isActive !== undefined && { isActive }) };
      const registered = { isAdmin: known.user.isAdmin };
      await sayStanding({ type: 'ChangeStanding', data: { ...said, ...wanted, registered } }, sender);
      if (isActive === false) await say({ type: 'RevokeTokens', data: said });
      if (email !== undefined) await say({ type: 'ChangeEmail', data: { ...said, email } });
      if (hash) await say({ type: 'SetPassword', data: { ...said, password: hash } });
      return replyOf(store, name);
    },

    changePassword: async ({ command: { old_password, new_password }, ...sender }) => {
      const name = sender.actor;
      const { user: known } = await knownUser(store, name);
      const isRight = await passwords.verify(old_password ?? '', known.password);
      if (known.password ? !isRight : old_password !== null) throw new AppError('PASSWORD_WRONG');
      const password = await passwords.hash(new_password);
      const former = known.password?.hash ?? null;
      await sayAs(sender)({ type: 'SetPassword', data: { name, password, former, by: name, at: clock.now() } });
      return replyOf(store, name);
    },
  };
}

async function knownUser(store: EventStore, name: string): Promise<NonNullable<Awaited<ReturnType<typeof loadUser>>>> {
  const known = await loadUser(store, name);
  if (!known) throw new AppError('USER_NOT_FOUND', { username: name });
  return known;
}

/** What the user did, and what was said of their standing, in the order in which it happened. */
async function replyOf(store: EventStore, name: string): Promise<CommandReply> {
  const shownOf = (event: UserEvent | undefined): UserEvent | undefined =>
    event?.data.name === name && event.type !== 'PasswordSet' ? event : undefined;
  const replies = await Promise.all(
    [streams.user(name), streams.standings()].map((stream) =>
      replyWithShown(store, stream, (stored) => shownOf(userCodec.decode(stored))),
    ),
  );
  return {
    events: replies.flatMap(({ events }) => events).sort((left, right) => left.position - right.position),
    position: Math.max(...replies.map(({ position }) => position)),
  };
}
