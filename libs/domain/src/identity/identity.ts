import type { IdentityLinked } from '@slipway/contracts';
import type { Decider } from '@slipway/kernel';

/** The user that an identity of an issuer is. `null`: it never logged in. */
export interface LinkedIdentity {
  readonly username: string | null;
}

export interface LinkIdentity {
  readonly type: 'LinkIdentity';
  readonly data: IdentityLinked['data'];
}

/** The first link stays, whatever the issuer calls them later. */
export const identity: Decider<LinkedIdentity, LinkIdentity, IdentityLinked> = {
  initial: { username: null },
  decide: ({ data }, { username }) => (username === null ? [{ type: 'IdentityLinked', data }] : []),
  evolve: (_, { data }) => ({ username: data.name }),
};
