import type { HookEvent, SealedKey, Topic } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';

/** One outgoing webhook. */
export interface Hook {
  readonly hookId: string;
  readonly url: string;
  readonly topics: readonly Topic[];
  readonly isActive: boolean;
  readonly secret: SealedKey;
  readonly addedAt: string;
}

/** All of a namespace: their number is limited. */
export type Hooks = readonly Hook[];

/** Each makes requests for every build of the namespace. */
const MAX_HOOKS = 20;

interface Named {
  readonly namespace: string;
  readonly hookId: string;
  readonly by: string;
  readonly at: string;
}
interface Target {
  readonly url: string;
  readonly topics: Topic[];
  readonly isActive: boolean;
}

export type HookCommand =
  | { readonly type: 'AddHook'; readonly data: Named & Target & { readonly secret: SealedKey } }
  | { readonly type: 'ChangeHook'; readonly data: Named & Target }
  | { readonly type: 'RemoveHook'; readonly data: Named }
  | { readonly type: 'ResealHookSecret'; readonly data: Omit<Named, 'by'> & { readonly secret: SealedKey } };

export const hooks: Decider<Hooks, HookCommand, HookEvent> = {
  initial: [],

  decide: (command, state) => {
    switch (command.type) {
      case 'AddHook':
        return add(command.data, state);
      case 'ChangeHook':
        return change(command.data, state);
      case 'RemoveHook':
        hookOf(state, command.data);
        return [{ type: 'HookRemoved', data: command.data }];
      case 'ResealHookSecret':
        return reseal(command.data, state);
    }
  },

  evolve: (state, { type, data }) => {
    switch (type) {
      case 'HookAdded': {
        const { hookId, url, topics, isActive, secret, at } = data;
        return [...state, { hookId, url, topics, isActive, secret, addedAt: at }];
      }
      case 'HookChanged': {
        const { url, topics, isActive } = data;
        return state.map((hook) => (hook.hookId === data.hookId ? { ...hook, url, topics, isActive } : hook));
      }
      case 'HookSecretResealed':
        return state.map((hook) => (hook.hookId === data.hookId ? { ...hook, secret: data.secret } : hook));
      case 'HookRemoved':
        return state.filter(({ hookId }) => hookId !== data.hookId);
    }
  },
};

type Data<T extends HookCommand['type']> = Extract<HookCommand, { type: T }>['data'];

function add(data: Data<'AddHook'>, state: Hooks): readonly HookEvent[] {
  if (state.some(({ hookId }) => hookId === data.hookId)) return [];
  if (state.length >= MAX_HOOKS)
    throw new AppError('HOOK_LIMIT_REACHED', { namespace: data.namespace, max: MAX_HOOKS });
  return [{ type: 'HookAdded', data }];
}

function change(data: Data<'ChangeHook'>, state: Hooks): readonly HookEvent[] {
  const { url, topics, isActive } = hookOf(state, data);
  const isSame = url === data.url && isActive === data.isActive && String(topics) === String(data.topics);
  return isSame ? [] : [{ type: 'HookChanged', data }];
}

/** A secret never changes, so it is the same one as long as the hook is there. */
function reseal(data: Data<'ResealHookSecret'>, state: Hooks): readonly HookEvent[] {
  const hook = state.find(({ hookId }) => hookId === data.hookId);
  return hook && hook.secret.keyId !== data.secret.keyId ? [{ type: 'HookSecretResealed', data }] : [];
}

/** @throws HOOK_NOT_FOUND */
function hookOf(state: Hooks, { namespace, hookId }: Pick<Named, 'namespace' | 'hookId'>): Hook {
  const hook = state.find((one) => one.hookId === hookId);
  if (!hook) throw new AppError('HOOK_NOT_FOUND', { namespace, hook_id: hookId });
  return hook;
}
