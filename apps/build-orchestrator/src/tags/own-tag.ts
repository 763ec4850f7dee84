import { ownTags, streams, type Digest } from '@slipway/contracts';
import { buildCodec, type EventStore } from '@slipway/event-store';
import type { Registry } from './registry.js';

const MAX_REPAIRS = 5;

export interface NameRequest {
  readonly namespace: string;
  readonly repoName: string;
  readonly buildId: string;
  /** Of what was just recorded. */
  readonly digest: Digest;
}

/**
 * Names the image of a build by its digest, as it is recorded. Afterwards the record is looked up again: if another
 * attempt was recorded meanwhile, the registry is told that instead, so that the slowest writer leaves what is recorded.
 * @throws REGISTRY_UNAVAILABLE: name again
 */
export function imageNaming(store: EventStore, registry: Registry) {
  const recorded = async (buildId: string): Promise<Digest | undefined> => {
    const events = (await store.read(streams.build(buildId))).map((stored) => buildCodec.decode(stored));
    const pushed = events.findLast((event) => event?.type === 'ImagePushed');
    return pushed?.data.digest;
  };

  return async ({ namespace, repoName, buildId, digest }: NameRequest): Promise<void> => {
    let named = digest;
    for (let repairs = 0; repairs < MAX_REPAIRS; repairs++) {
      await registry.tag(`${namespace}/${repoName}`, ownTags.ofBuild(buildId), named);
      const now = await recorded(buildId);
      if (now === undefined || now === named) return;
      named = now;
    }
  };
}
