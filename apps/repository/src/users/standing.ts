import { streams } from '@slipway/contracts';
import { standingOf, standings, user, type PresentUser, type Standing } from '@slipway/domain';
import { loadState, userCodec, type EventStore } from '@slipway/event-store';

/** A user as they are: what their own events say, and what they are to the system. `undefined`: there is none. */
export async function loadUser(
  store: EventStore,
  name: string,
): Promise<{ readonly user: PresentUser; readonly standing: Standing } | undefined> {
  const [own, all] = await Promise.all([
    loadState({ store, decider: user, codec: userCodec }, streams.user(name)),
    loadState({ store, decider: standings, codec: userCodec }, streams.standings()),
  ]);
  const { state } = own;
  if (state.phase === 'absent') return undefined;
  return { user: state, standing: standingOf(all.state, { name, isAdmin: state.isAdmin }) };
}
