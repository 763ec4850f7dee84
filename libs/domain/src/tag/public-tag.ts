import type { Digest, PublicTagEvent } from '@slipway/contracts';
import type { Decider } from '@slipway/kernel';

/** Which build a public tag of an image repository belongs to. */
export type PublicTag =
  | { readonly phase: 'free' }
  | { readonly phase: 'held'; readonly buildId: string; readonly order: number; readonly digest: Digest };

export interface MoveTag {
  readonly type: 'MoveTag';
  readonly data: {
    readonly tag: string;
    readonly buildId: string;
    /** Where the build's request stands among all requests: a later request takes the tag, whoever finishes first. */
    readonly order: number;
    readonly digest: Digest;
    readonly at: string;
  };
}

export const publicTag: Decider<PublicTag, MoveTag, PublicTagEvent> = {
  initial: { phase: 'free' },
  decide: ({ data }, tag) => {
    if (tag.phase === 'held' && tag.order > data.order) return []; // an older build never takes a tag back
    if (tag.phase === 'held' && tag.buildId === data.buildId && tag.digest === data.digest) return [];
    return [{ type: 'TagMoved', data: { ...data } }];
  },
  evolve: (_, { data: { buildId, order, digest } }) => ({ phase: 'held', buildId, order, digest }),
};
