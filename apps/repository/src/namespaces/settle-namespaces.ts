import { randomUUID } from 'node:crypto';
import { repositoryOfStream, streams, type Namespace } from '@slipway/contracts';
import type { EventStore, Position } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { z } from 'zod';
import { claimForUser, ensureNamespace, type Claimant } from './claim-namespace.js';

const STREAM = streams.checkpoint('namespaces');
const Checkpoint = z.object({ after: z.int().nonnegative() });
const ACTOR = 'service:repository';

/**
 * Users and repositories from before namespaces had event streams: each user is given the own namespace, and where
 * repositories lie in another one it is an organisation without members. Before commands are answered, so that nobody
 * takes such a name; looks at nothing twice. Safe to run in several services at once, and after a crash.
 * @throws STORE_UNAVAILABLE
 */
export async function settleNamespaces({
  store,
  clock,
}: {
  readonly store: EventStore;
  readonly clock: Clock;
}): Promise<void> {
  const [last] = await store.readLast(STREAM, 1);
  const found = await namesSince(store, last && Checkpoint.parse(last.data).after);
  if (found.upTo === undefined) return;
  const claimant: Claimant = { at: clock.now(), actor: ACTOR, correlationId: randomUUID() };
  for (const name of found.users) await claimForUser(store, name, claimant);
  for (const name of found.namespaces) await ensureNamespace(store, { name, by: null }, claimant);
  const metadata = { at: claimant.at, actor: ACTOR, $correlationId: claimant.correlationId, version: 1 };
  const id = randomUUID();
  const event = { id, type: 'NamespacesSettled', data: { after: found.upTo } };
  await store.append(STREAM, [{ ...event, metadata: { ...metadata, $causationId: id } }], 'any');
  await store.retain(STREAM, { maxCount: 10 });
}

interface Found {
  readonly users: ReadonlySet<Namespace>;
  /** Of repositories. */
  readonly namespaces: ReadonlySet<Namespace>;
  /** Undefined: there was nothing new. */
  readonly upTo: Position | undefined;
}

async function namesSince(store: EventStore, after: Position | undefined): Promise<Found> {
  const users = new Set<Namespace>();
  const namespaces = new Set<Namespace>();
  let upTo: Position | undefined;
  const enough = new AbortController();
  const prefixes = [USERS, streams.repository('', '').slice(0, -'.'.length)];
  for await (const item of store.subscribeAll({ after, prefixes, signal: enough.signal })) {
    if (item.kind === 'caught-up') break;
    if (item.kind !== 'event') continue;
    const { stream, type, position } = item.event;
    upTo = position;
    if (type === 'UserRegistered') users.add(stream.slice(USERS.length));
    const repository = type === 'RepositoryCreated' ? repositoryOfStream(stream) : undefined;
    if (repository) namespaces.add(repository.namespace);
  }
  enough.abort();
  return { users, namespaces, upTo };
}

const USERS = streams.user('');
