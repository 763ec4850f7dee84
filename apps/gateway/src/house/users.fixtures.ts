import type { NatsConnection } from '@nats-io/transport-node';
import {
  ChangePasswordCommand,
  commandEnvelope,
  commandSubjects,
  CreateRobotCommand,
  CreateUserCommand,
  IssueTokenCommand,
  RemoveRobotCommand,
  RevokeTokenCommand,
  SignInCommand,
  streams,
  UpdateUserCommand,
  type CommandReply,
  type PasswordHash,
} from '@slipway/contracts';
import { robots, standings, user, type RobotCommand, type StandingCommand, type UserCommand } from '@slipway/domain';
import { answerOnce, commandHandler, loadState, robotCodec, userCodec, type EventStore } from '@slipway/event-store';
import { AppError, systemClock as clock } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import type { z } from 'zod';
import { replyWith, rethrow } from './commands.fixtures.js';

const common = { queue: 'repository', onError: rethrow };

/** Good enough to tell one from another. */
const hashOf = (password: string): PasswordHash => ({
  algorithm: 'scrypt',
  n: 2,
  r: 1,
  p: 1,
  salt: 'c2FsdA==',
  hash: Buffer.from(password).toString('base64'),
});

interface Told {
  readonly nats: NatsConnection;
  readonly store: EventStore;
}
type Say = (command: UserCommand | StandingCommand, commandId: string) => Promise<unknown>;

/** Answers the commands about users, their tokens, and robots, by the domain's own rules. */
export function serveUsers({ nats, store }: Told): void {
  const say: Say = async (command, commandId) => {
    const context = { commandId, at: clock.now(), actor: 'user:test', correlationId: commandId };
    if (command.type === 'NoteAdministrator' || command.type === 'ChangeStanding')
      return commandHandler(store, standings, userCodec)(streams.standings(), command, context);
    return commandHandler(store, user, userCodec)(streams.user(command.data.name), command, context);
  };
  serveAccounts({ nats, store }, say);
  serveTokens({ nats, store }, say);
  serveRobots({ nats, store });
}

const CreateUserMessage = commandEnvelope(CreateUserCommand);
const IssueTokenMessage = commandEnvelope(IssueTokenCommand);
const CreateRobotMessage = commandEnvelope(CreateRobotCommand);

function serveAccounts({ nats, store }: Told, say: Say): void {
  serve(nats, {
    ...common,
    subject: commandSubjects.createUser,
    schema: CreateUserMessage,
    handle: answerOnce({ store, clock }, async (message: z.infer<typeof CreateUserMessage>) => {
      const { commandId, actor: by } = message;
      const { username: name, email, password, is_admin: isAdmin } = message.command;
      const data = { name, isAdmin, email, password: password === null ? null : hashOf(password), by, at: clock.now() };
      await say({ type: 'CreateUser', data }, commandId);
      return replyWith(store, userCodec, streams.user(name));
    }),
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.updateUser,
    schema: commandEnvelope(UpdateUserCommand),
    handle: async ({ commandId, actor: by, command: { username: name, body } }) => {
      const { state } = await loadState({ store, decider: user, codec: userCodec }, streams.user(name));
      if (state.phase === 'absent') throw new AppError('USER_NOT_FOUND', { username: name });
      const said = { name, by, at: clock.now() };
      const { email, is_admin: isAdmin, is_active: isActive } = body;
      const wanted = { ...(isAdmin !== undefined && { isAdmin }), ...(isActive !== undefined && { isActive }) };
      const registered = { isAdmin: state.isAdmin };
      await say({ type: 'ChangeStanding', data: { ...said, ...wanted, registered } }, commandId);
      if (email !== undefined) await say({ type: 'ChangeEmail', data: { ...said, email } }, commandId);
      const [own, all] = await Promise.all(
        [streams.user(name), streams.standings()].map((stream) => replyWith(store, userCodec, stream)),
      );
      const events = [...(own?.events ?? []), ...(all?.events ?? [])].filter(
        ({ event }) => (event as { data: { name: string } }).data.name === name,
      );
      return { events, position: Math.max(own?.position ?? 0, all?.position ?? 0) };
    },
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.changePassword,
    schema: commandEnvelope(ChangePasswordCommand),
    handle: async ({ commandId, actor: name, command: { old_password, new_password } }) => {
      const former = old_password === null ? null : hashOf(old_password).hash;
      const data = { name, former, password: hashOf(new_password), by: name, at: clock.now() };
      await say({ type: 'SetPassword', data }, commandId);
      return replyWith(store, userCodec, streams.user(name));
    },
  });
}

function serveTokens({ nats, store }: Told, say: Say): void {
  serve(nats, {
    ...common,
    subject: commandSubjects.signIn,
    schema: SignInCommand,
    handle: async ({ username: name, password, tokenHash, correlationId: tokenId }) => {
      const forPassword = hashOf(password).hash;
      const data = { name, tokenId, tokenHash, isLogin: true, forPassword, at: clock.now() };
      await say({ type: 'IssueToken', data }, tokenId).catch((error: unknown) => {
        throw error instanceof AppError && error.kind === 'not-found' ? new AppError('CREDENTIALS_INVALID') : error;
      });
      return { username: name, position: (await replyWith(store, userCodec, streams.user(name))).position };
    },
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.issueToken,
    schema: IssueTokenMessage,
    handle: answerOnce({ store, clock }, async (message: z.infer<typeof IssueTokenMessage>) => {
      const { commandId: tokenId, actor: name, command } = message;
      const { tokenHash, body } = command;
      const { name: title, scope, namespace, expires_in } = body;
      const at = clock.now();
      const expiresAt = new Date(Date.parse(at) + (expires_in ?? 0) * 1_000).toISOString();
      const limits = { ...(namespace !== null && { namespace }), ...(expires_in !== null && { expiresAt }) };
      await say({ type: 'IssueToken', data: { name, tokenId, tokenHash, title, scope, ...limits, at } }, tokenId);
      return onlyWith(await replyWith(store, userCodec, streams.user(name)), tokenId);
    }),
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.revokeToken,
    schema: commandEnvelope(RevokeTokenCommand),
    handle: async ({ commandId, actor: name, command: { tokenId } }) => {
      await say({ type: 'RevokeToken', data: { name, tokenId, at: clock.now() } }, commandId);
      return replyWith(store, userCodec, streams.user(name));
    },
  });
}

function serveRobots({ nats, store }: Told): void {
  const say = async (command: RobotCommand, commandId: string): Promise<CommandReply> => {
    const stream = streams.robots(command.data.namespace);
    const context = { commandId, at: clock.now(), actor: 'user:test', correlationId: commandId };
    await commandHandler(store, robots, robotCodec)(stream, command, context);
    return replyWith(store, robotCodec, stream);
  };
  serve(nats, {
    ...common,
    subject: commandSubjects.createRobot,
    schema: CreateRobotMessage,
    handle: answerOnce({ store, clock }, async (message: z.infer<typeof CreateRobotMessage>) => {
      const { commandId: tokenId, actor: by, command } = message;
      const { namespace, tokenHash, body } = command;
      const data = { namespace, label: body.name, role: body.role, tokenId, tokenHash, by, at: clock.now() };
      return onlyWith(await say({ type: 'CreateRobot', data }, tokenId), tokenId);
    }),
  });
  serve(nats, {
    ...common,
    subject: commandSubjects.removeRobot,
    schema: commandEnvelope(RemoveRobotCommand),
    handle: ({ commandId, actor: by, command }) =>
      say({ type: 'RemoveRobot', data: { ...command, by, at: clock.now() } }, commandId),
  });
}

const onlyWith = ({ events, position }: CommandReply, tokenId: string): CommandReply => ({
  events: events.filter(({ event }) => (event as { data: { tokenId?: string } }).data.tokenId === tokenId),
  position,
});
