import { streams } from '@slipway/contracts';
import { standings, user, type UserCommand } from '@slipway/domain';
import {
  commandHandler,
  loadState,
  userCodec,
  uuidV5,
  type CommandContext,
  type EventStore,
} from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import { makeToken, tokenHashOf, type Logger } from '@slipway/platform';
import { claimForUser } from '../namespaces/claim-namespace.js';
import { claimTokenFile } from './token-file.js';

export interface AdministratorParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly name: string;
  readonly tokenFile: string;
  /** Shows the token to the person at the terminal; absent when there is none: logs keep what they are told for ever. */
  readonly show?: (token: string) => void;
}

const ACTOR = 'service:repository';

/**
 * Makes sure that there is an administrator and that the token in the file is one of theirs. The file is durable before
 * the event: a crash between the two is made good by the next start. Safe to run in several services at once: they share
 * the user's stream, and those on one machine share the file.
 * @throws STORE_UNAVAILABLE; NAMESPACE_EXISTS when an organisation has the name; or an Error that names the file when it cannot be used
 */
export async function ensureAdministrator(parts: AdministratorParts): Promise<void> {
  const { store, name, tokenFile, logger } = parts;
  const before = await loadState({ store, decider: user, codec: userCodec }, streams.user(name));
  const { token, isNew } = await claimTokenFile(tokenFile, () => makeToken('user'));
  const tokenId = tokenIdOf(token);
  const known = before.state.phase === 'present' ? before.state.tokens : [];
  if (known.some((issued) => issued.tokenId === tokenId && issued.isRevoked)) {
    logger.warn({ user: name, tokenFile }, 'the token in the file was revoked; remove the file to be issued another');
    return;
  }
  await claimName(parts);
  await command(parts, { type: 'RegisterUser', data: { name, isAdmin: true, at: parts.clock.now() } });
  await noteAdministrator(parts);
  await command(parts, {
    type: 'IssueToken',
    data: { name, tokenId, tokenHash: tokenHashOf(token), at: parts.clock.now() },
  });
  if (!isNew) return;
  if (known.length > 0) logger.warn({ user: name, tokenFile }, 'the token file was missing; a fresh token was issued');
  else logger.info({ user: name, tokenFile }, 'administrator registered; the token is in the file');
  parts.show?.(token);
}

/** Derived from the token, so that services which find the same file issue the same token: one of them for all. */
const tokenIdOf = (token: string): string => uuidV5(`token/${tokenHashOf(token)}`);

/** The first who counts as one; later the standings say who does. */
async function noteAdministrator({ store, clock, name }: AdministratorParts): Promise<void> {
  const commandId = uuidV5(`administrator/${name}/standing`);
  const data = { name, by: null, at: clock.now() };
  const context: CommandContext = { commandId, at: data.at, actor: ACTOR, correlationId: commandId };
  const command = { type: 'NoteAdministrator' as const, data };
  await commandHandler(store, standings, userCodec)(streams.standings(), command, context);
}

async function claimName({ store, clock, name }: AdministratorParts): Promise<void> {
  const correlationId = uuidV5(`administrator/${name}/namespace`);
  const isFree = await claimForUser(store, name, { at: clock.now(), actor: ACTOR, correlationId });
  if (!isFree) throw new AppError('NAMESPACE_EXISTS', { name });
}

async function command({ store, name }: AdministratorParts, wish: UserCommand): Promise<void> {
  const commandId = uuidV5(`administrator/${name}/${wish.type}/${wish.type === 'IssueToken' ? wish.data.tokenId : ''}`);
  const context: CommandContext = { commandId, at: wish.data.at, actor: ACTOR, correlationId: commandId };
  await commandHandler(store, user, userCodec)(streams.user(name), wish, context);
}
