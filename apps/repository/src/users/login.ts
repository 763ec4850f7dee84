import { streams, type LoginCommand, type LoginReply } from '@slipway/contracts';
import { identity, user } from '@slipway/domain';
import {
  commandHandler,
  identityCodec,
  loadState,
  userCodec,
  uuidV5,
  type CommandContext,
  type EventStore,
} from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import { claimForUser } from '../namespaces/claim-namespace.js';
import { loadUser } from './standing.js';

export interface LoginDesk {
  readonly store: EventStore;
  readonly clock: Clock;
}

/**
 * The user that an identity is. Its first login registers the user, then links the identity: when it crashes between the
 * two, the next login finds the user to be its own. @throws IDENTITY_REFUSED; TOKEN_INVALID when the user is not active;
 * STORE_UNAVAILABLE
 */
export function loginHandler(desk: LoginDesk): (command: LoginCommand) => Promise<LoginReply> {
  return async (command) => {
    const { issuer, subject } = command;
    const identityId = uuidV5(`identity/${JSON.stringify([issuer, subject])}`);
    const username = (await linkedUser(desk, identityId)) ?? (await firstLogin(desk, identityId, command));
    const known = await loadUser(desk.store, username);
    if (!known) throw new AppError('USER_NOT_FOUND', { username });
    if (!known.standing.isActive) throw new AppError('TOKEN_INVALID');
    return { username, isAdmin: known.standing.isAdmin };
  };
}

async function linkedUser({ store }: LoginDesk, identityId: string): Promise<string | null> {
  const parts = { store, decider: identity, codec: identityCodec };
  return (await loadState(parts, streams.identity(identityId))).state.username;
}

async function firstLogin(desk: LoginDesk, identityId: string, command: LoginCommand): Promise<string> {
  const { store, clock } = desk;
  const { issuer, subject, username: name, correlationId } = command;
  const at = clock.now();
  const contextOf = (step: string): CommandContext => ({
    commandId: uuidV5(`login/${identityId}/${step}/${name}`),
    at,
    actor: 'service:repository',
    correlationId,
  });
  const isFree = await claimForUser(store, name, contextOf('namespace'));
  if (!isFree) throw new AppError('IDENTITY_REFUSED', { username: name });
  await commandHandler(store, user, userCodec)(
    streams.user(name),
    { type: 'LogIn', data: { name, identity: { issuer, subject }, at } },
    contextOf('user'),
  );
  await commandHandler(store, identity, identityCodec)(
    streams.identity(identityId),
    { type: 'LinkIdentity', data: { issuer, subject, name, at } },
    contextOf('identity'),
  );
  return (await linkedUser(desk, identityId)) ?? name;
}
