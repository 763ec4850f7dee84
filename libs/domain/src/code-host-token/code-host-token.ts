import type { CodeHostTokenEvent, SealedKey, StatusHost } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';

/** What a namespace may say to the API of one code host. */
export interface CodeHostToken {
  /** Whose password it is; null: it speaks for itself. */
  readonly apiUser: string | null;
  readonly token: SealedKey;
  readonly setBy: string;
  readonly setAt: string;
}

/** All of a namespace. */
export type CodeHostTokens = ReadonlyMap<StatusHost, CodeHostToken>;

interface Named {
  readonly namespace: string;
  readonly client: StatusHost;
  readonly at: string;
}

export type CodeHostTokenCommand =
  | {
      readonly type: 'SetCodeHostToken';
      readonly data: Named & {
        readonly apiUser: string | null;
        readonly token: SealedKey;
        readonly by: string;
      };
    }
  | { readonly type: 'RemoveCodeHostToken'; readonly data: Named & { readonly by: string } }
  /** `setAt`: of the token that was opened, which may have been replaced meanwhile. */
  | {
      readonly type: 'ResealCodeHostToken';
      readonly data: Named & { readonly setAt: string; readonly token: SealedKey };
    };

export const codeHostTokens: Decider<CodeHostTokens, CodeHostTokenCommand, CodeHostTokenEvent> = {
  initial: new Map(),

  decide: ({ type, data }, state) => {
    const { namespace, client } = data;
    const present = state.get(client);
    switch (type) {
      case 'SetCodeHostToken':
        return [{ type: 'CodeHostTokenSet', data }];
      case 'RemoveCodeHostToken':
        if (!present) throw new AppError('CODE_HOST_TOKEN_NOT_FOUND', { namespace, client });
        return [{ type: 'CodeHostTokenRemoved', data }];
      case 'ResealCodeHostToken': {
        const { setAt, ...resealed } = data;
        return present?.setAt === setAt ? [{ type: 'CodeHostTokenResealed', data: resealed }] : [];
      }
    }
  },

  evolve: (state, { type, data }) => {
    const others = new Map(state);
    switch (type) {
      case 'CodeHostTokenSet': {
        const { apiUser, token, by: setBy, at: setAt } = data;
        return others.set(data.client, { apiUser, token, setBy, setAt });
      }
      case 'CodeHostTokenRemoved':
        others.delete(data.client);
        return others;
      case 'CodeHostTokenResealed': {
        const present = state.get(data.client);
        return present ? others.set(data.client, { ...present, token: data.token }) : state;
      }
    }
  },
};
