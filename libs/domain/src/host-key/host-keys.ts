import type { HostKeyEvent } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';

export interface PinnedHost {
  /** `<type> <base64>` */
  readonly keys: readonly string[];
  /** Null: the host has published them, and this release knows them. */
  readonly pinned: { readonly by: string; readonly at: string } | null;
}

/** By the name of the host. */
export type HostKeys = ReadonlyMap<string, PinnedHost>;

export interface PinHostKeys {
  readonly type: 'PinHostKeys';
  readonly data: {
    readonly host: string;
    readonly keys: readonly string[];
    readonly by: string;
    readonly at: string;
  };
}

export interface UnpinHostKeys {
  readonly type: 'UnpinHostKeys';
  readonly data: { readonly host: string; readonly by: string; readonly at: string };
}

export type HostKeyCommand = PinHostKeys | UnpinHostKeys;

/**
 * What hosts have published about themselves. Only what was compared with their own pages stands here; the others are
 * pinned by an administrator. Source: https://docs.github.com/authentication, "GitHub's SSH key fingerprints"
 */
const PUBLISHED: HostKeys = new Map([
  [
    'github.com',
    {
      keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'],
      pinned: null,
    },
  ],
]);

/** Which keys ssh servers may show. A pin takes the place of what the host has published. */
export const hostKeys: Decider<HostKeys, HostKeyCommand, HostKeyEvent> = {
  initial: PUBLISHED,

  decide: ({ type, data }, state) => {
    const { host, by, at } = data;
    switch (type) {
      case 'PinHostKeys': {
        const keys = [...new Set(data.keys)].sort();
        const before = state.get(host);
        const isSame = before?.pinned && before.keys.join('\n') === keys.join('\n');
        return isSame ? [] : [{ type: 'HostKeysPinned', data: { host, keys, pinnedBy: by, at } }];
      }
      case 'UnpinHostKeys':
        if (!state.get(host)?.pinned) throw new AppError('HOST_KEYS_NOT_FOUND', { host });
        return [{ type: 'HostKeysUnpinned', data: { host, unpinnedBy: by, at } }];
    }
  },

  evolve: (state, { type, data }) => {
    switch (type) {
      case 'HostKeysPinned': {
        const { host, keys, pinnedBy: by, at } = data;
        return new Map([...state, [host, { keys, pinned: { by, at } }]]);
      }
      case 'HostKeysUnpinned': {
        const others = [...state].filter(([host]) => host !== data.host);
        const published = PUBLISHED.get(data.host);
        return new Map(published ? [...others, [data.host, published]] : others);
      }
    }
  },
};
