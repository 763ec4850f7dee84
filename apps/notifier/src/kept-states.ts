import { loadState, type DomainEvent, type Folding } from '@slipway/event-store';

const MAX_KEPT = 10_000;

export interface KeptStates<State> {
  readonly of: (stream: string) => Promise<State>;
  /** It has another event. */
  readonly forget: (stream: string) => void;
}

/**
 * States of streams that change seldom and are asked for often. Right for whoever is shown the events of these streams
 * among all others, in their order, and has a state forgotten at each: it is as new as what was shown last, or newer.
 */
export function keptStates<State, Event extends DomainEvent>(folding: Folding<State, Event>): KeptStates<State> {
  const kept = new Map<string, State>();
  return {
    of: async (stream) => {
      const known = kept.get(stream);
      if (known !== undefined) return known;
      const { state } = await loadState(folding, stream);
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(stream, state);
      return state;
    },
    forget: (stream) => void kept.delete(stream),
  };
}
