import { streams, type Namespace } from '@slipway/contracts';
import { namespace } from '@slipway/domain';
import { commandHandler, namespaceCodec, uuidV5, type CommandContext, type EventStore } from '@slipway/event-store';

/** What the claim is part of. */
export type Claimant = Omit<CommandContext, 'commandId'>;

/** By which wish a name was claimed does not matter: the first one counts, and every later one finds it. */
const contextOf = (what: string, name: Namespace, claimant: Claimant): CommandContext => ({
  ...claimant,
  commandId: uuidV5(`namespace/${what}/${name}`),
});

/**
 * Before a user is made: afterwards nobody else gets the name. False: it is an organisation's. Safe to run twice.
 * @throws STORE_UNAVAILABLE
 */
export async function claimForUser(store: EventStore, name: Namespace, claimant: Claimant): Promise<boolean> {
  const handle = commandHandler(store, namespace, namespaceCodec);
  const data = { namespace: name, by: null, at: claimant.at };
  const { state } = await handle(
    streams.namespace(name),
    { type: 'ClaimForUser', data },
    contextOf('user', name, claimant),
  );
  return state.phase === 'present' && state.kind === 'user';
}

/**
 * Before a repository is made: a name that nobody has becomes an organisation. `by`: its first administrator; null: it
 * has none but those of the system. Safe to run twice. @throws STORE_UNAVAILABLE
 */
export async function ensureNamespace(
  store: EventStore,
  { name, by }: { readonly name: Namespace; readonly by: string | null },
  claimant: Claimant,
): Promise<void> {
  const handle = commandHandler(store, namespace, namespaceCodec);
  const data = { namespace: name, by, at: claimant.at };
  await handle(streams.namespace(name), { type: 'EnsureNamespace', data }, contextOf('organisation', name, claimant));
}
