import type { ObservedRef, RefsEvent } from '@slipway/contracts';
import type { Decider } from '@slipway/kernel';

interface KnownRef {
  readonly commit: string;
  /** By looking, before anybody told of it. */
  readonly isFound: boolean;
}

/** Where the branches and tags of a build config are, as far as anybody told or looked. */
export type ObservedRefs =
  | { readonly phase: 'absent' }
  | {
      readonly phase: 'observed';
      /** How often something new was seen, and what was found missing last. */
      readonly observation: number;
      readonly found: readonly ObservedRef[];
      readonly foundAt: number;
      readonly configChanges: number;
      readonly refs: ReadonlyMap<string, KnownRef>;
    };

interface OfConfig {
  readonly configId: number;
  readonly refs: readonly ObservedRef[];
  /** ISO 8601 UTC. */
  readonly at: string;
}

export type RefsCommand =
  /** All refs for which a tag config is, as the code host has them now. */
  | { readonly type: 'ObserveRefs'; readonly data: OfConfig & { readonly configChanges: number } }
  /** Of a delivery, before its builds are requested. */
  | { readonly type: 'TakeDelivery'; readonly data: OfConfig };

/** More are found at the next looks. */
export const MAX_FOUND = 100;

/**
 * Decides which pushes nobody has told of. The first look, and the first after the build config was set, only writes
 * down what is there: whoever switches continuous build on wants what comes, not what was. Deletions mean nothing.
 */
export const observedRefs: Decider<ObservedRefs, RefsCommand, RefsEvent> = {
  initial: { phase: 'absent' },

  decide: ({ type, data }, state) => {
    switch (type) {
      case 'ObserveRefs':
        return observe(data, state);
      case 'TakeDelivery': {
        const refs = elsewhere(data.refs, state);
        return state.phase === 'absent' || refs.length === 0
          ? []
          : [{ type: 'RefsDelivered', data: { ...data, refs } }];
      }
    }
  },

  evolve: (state, { type, data }) => {
    const known = state.phase === 'absent' ? [] : state.refs;
    const refs = new Map<string, KnownRef>(known);
    if (type === 'RefsDelivered') {
      if (state.phase === 'absent') return state;
      for (const { name, commit } of data.refs) refs.set(name, { commit, isFound: false });
      return { ...state, refs };
    }
    for (const { name, commit } of data.refs) refs.set(name, { commit, isFound: false });
    for (const { name, commit } of data.found) refs.set(name, { commit, isFound: true });
    const { observation, configChanges, found } = data;
    const before = state.phase === 'absent' ? { found: [], foundAt: 0 } : state;
    const last = found.length > 0 ? { found, foundAt: observation } : { found: before.found, foundAt: before.foundAt };
    return { phase: 'observed', observation, configChanges, refs, ...last };
  },
};

function observe(
  { configId, configChanges, refs, at }: Extract<RefsCommand, { type: 'ObserveRefs' }>['data'],
  state: ObservedRefs,
): readonly RefsEvent[] {
  if (state.phase === 'absent')
    return [
      { type: 'RefsObserved', data: { configId, observation: 1, configChanges, refs: [...refs], found: [], at } },
    ];
  const isSameConfig = state.configChanges === configChanges;
  const news = elsewhere(refs, state);
  if (isSameConfig && news.length === 0) return [];
  const seen = isSameConfig ? news.slice(0, MAX_FOUND) : news;
  const observation = state.observation + 1;
  const data = { configId, observation, configChanges, refs: seen, found: isSameConfig ? seen : [], at };
  return [{ type: 'RefsObserved', data }];
}

const elsewhere = (refs: readonly ObservedRef[], state: ObservedRefs): ObservedRef[] =>
  refs.filter(({ name, commit }) => state.phase === 'absent' || state.refs.get(name)?.commit !== commit);

/** It was found by looking before this told of it, so its build is asked for already. */
export const isFound = (state: ObservedRefs, { name, commit }: ObservedRef): boolean => {
  const known = state.phase === 'observed' ? state.refs.get(name) : undefined;
  return known?.commit === commit && known.isFound;
};
