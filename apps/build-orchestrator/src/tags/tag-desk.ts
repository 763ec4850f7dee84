import { streams, type Digest, type TagResult } from '@slipway/contracts';
import { publicTag, type PublicTag } from '@slipway/domain';
import { commandHandler, publicTagCodec, uuidV5, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { Registry } from './registry.js';
import { tagUntilDecided } from './until-decided.js';

export interface MoveRequest {
  readonly namespace: string;
  readonly repoName: string;
  readonly tag: string;
  readonly buildId: string;
  readonly order: number;
  readonly digest: Digest;
}

/**
 * Moves a public tag in the order the builds were requested: first the fact, then the registry, also when a newer build
 * took the tag meanwhile.
 * @throws REGISTRY_UNAVAILABLE: move again
 */
export function tagDesk(store: EventStore, registry: Registry, clock: Clock) {
  const handle = commandHandler(store, publicTag, publicTagCodec, { fold: 'last' });

  return async ({ namespace, repoName, tag, buildId, order, digest }: MoveRequest): Promise<TagResult> => {
    const ask = async (): Promise<PublicTag> => {
      const { state } = await handle(
        streams.tag(namespace, repoName, tag),
        { type: 'MoveTag', data: { tag, buildId, order, digest, at: clock.now() } },
        {
          commandId: uuidV5(`tag/${buildId}/${tag}/${digest}`),
          at: clock.now(),
          actor: 'service:build-orchestrator',
          correlationId: buildId,
        },
      );
      return state;
    };
    const holder = await ask();
    if (holder.phase !== 'held' || holder.buildId !== buildId) return { tag, moved: false };
    await tagUntilDecided(
      registry,
      { repository: `${namespace}/${repoName}`, tag, digest: holder.digest },
      async () => {
        const now = await ask();
        return now.phase === 'held' ? now.digest : undefined;
      },
    );
    return { tag, moved: true };
  };
}
