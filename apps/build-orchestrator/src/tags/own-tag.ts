import { ownTags, streams, type Digest } from '@slipway/contracts';
import { buildCodec, type EventStore } from '@slipway/event-store';
import type { Registry } from './registry.js';
import { tagUntilDecided } from './until-decided.js';

export interface NameRequest {
  readonly namespace: string;
  readonly repoName: string;
  readonly buildId: string;
  /** Of what was just recorded. */
  readonly digest: Digest;
}

/**
 * Names the image of a build by its digest, as it is recorded: also when another attempt was recorded meanwhile.
 * @throws REGISTRY_UNAVAILABLE: name again
 */
export function imageNaming(store: EventStore, registry: Registry) {
  const recorded = async (buildId: string): Promise<Digest | undefined> => {
    const events = (await store.read(streams.build(buildId))).map((stored) => buildCodec.decode(stored));
    const pushed = events.findLast((event) => event?.type === 'ImagePushed');
    return pushed?.data.digest;
  };

  return ({ namespace, repoName, buildId, digest }: NameRequest): Promise<void> => {
    const named = { repository: `${namespace}/${repoName}`, tag: ownTags.ofBuild(buildId), digest };
    return tagUntilDecided(registry, named, () => recorded(buildId));
  };
}
