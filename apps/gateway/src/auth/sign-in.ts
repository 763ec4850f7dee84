import type { NatsConnection } from '@nats-io/transport-node';
import { commandSubjects, SignInReply, type SignInCommand } from '@slipway/contracts';
import { request } from '@slipway/messaging';
import type { ViewCheckpoints } from '../commands/view-checkpoints.js';

/** Hashing takes its time, and others may be before. */
export const PASSWORD_LIMIT_MS = 15_000;

/**
 * Has a token issued for a password, and waits a moment until it is good here.
 * @throws CREDENTIALS_INVALID, SERVICE_UNAVAILABLE, STORE_UNAVAILABLE
 */
export type SignIn = (command: SignInCommand) => Promise<SignInReply>;

/** By the service that decides for users: no hash of a password is here. */
export const signInOver =
  (nats: NatsConnection, views: ViewCheckpoints): SignIn =>
  async (command) => {
    const options = { reply: SignInReply, timeoutMs: PASSWORD_LIMIT_MS };
    const reply = await request(nats, commandSubjects.signIn, command, options);
    await views.pass('user', reply.position);
    return reply;
  };
