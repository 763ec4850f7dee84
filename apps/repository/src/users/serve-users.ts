import { commandSubjects, LoginCommand, SignInCommand } from '@slipway/contracts';
import { answerOnce, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import type { RunningService } from '@slipway/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { loginHandler } from './login.js';
import type { Passwords } from './password.js';
import { CreateRobotMessage, RemoveRobotMessage, robotDesk } from './robot-desk.js';
import { IssueTokenMessage, RevokeTokenMessage, tokenDesk } from './token-desk.js';
import { ChangePasswordMessage, CreateUserMessage, UpdateUserMessage, userDesk } from './user-desk.js';

export interface ServeUsersParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly nats: NatsConnection;
  readonly passwords: Passwords;
  /** What every command of the service has in common. */
  readonly common: { readonly queue: string; readonly onError: (error: unknown, subject: string) => void };
}

/** Answers the commands about users, their tokens, and robots. No answer that is kept holds a password or a token. */
export function serveUsers({ store, clock, nats, passwords, common }: ServeUsersParts): readonly RunningService[] {
  const parts = { store, clock, passwords };
  const { create, update, changePassword } = userDesk(parts);
  const { signIn, issue, revoke } = tokenDesk(parts);
  const robots = robotDesk(parts);
  const { login, signIn: signInSubject, createUser, updateUser, changePassword: passwordSubject } = commandSubjects;
  const { issueToken, revokeToken, createRobot, removeRobot } = commandSubjects;
  return [
    serve(nats, { ...common, subject: login, schema: LoginCommand, handle: loginHandler({ store, clock }) }),
    serve(nats, { ...common, subject: signInSubject, schema: SignInCommand, handle: signIn }),
    serve(nats, { ...common, subject: createUser, schema: CreateUserMessage, handle: answerOnce(parts, create) }),
    serve(nats, { ...common, subject: updateUser, schema: UpdateUserMessage, handle: update }),
    serve(nats, { ...common, subject: passwordSubject, schema: ChangePasswordMessage, handle: changePassword }),
    serve(nats, { ...common, subject: issueToken, schema: IssueTokenMessage, handle: answerOnce(parts, issue) }),
    serve(nats, { ...common, subject: revokeToken, schema: RevokeTokenMessage, handle: revoke }),
    serve(nats, {
      ...common,
      subject: createRobot,
      schema: CreateRobotMessage,
      handle: answerOnce(parts, robots.create),
    }),
    serve(nats, { ...common, subject: removeRobot, schema: RemoveRobotMessage, handle: robots.remove }),
  ];
}
