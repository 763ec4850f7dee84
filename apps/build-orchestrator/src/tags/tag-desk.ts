import { streams, type Digest, type TagResult } from '@slipway/contracts';
import { publicTag, type PublicTag } from '@slipway/domain';
import { commandHandler, publicTagCodec, uuidV5, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { Registry } from './registry.js';

const MAX_REPAIRS = 5;

export interface MoveRequest {
  readonly namespace: string;
  readonly repoName: string;
  readonly tag: string;
  readonly buildId: string;
  readonly order: number;
  readonly digest: Digest;
}

/**
 * Moves a public tag in the order the builds were requested: first the fact, then the registry. After the registry was
 * told, the holder is looked up again: if a newer build took the tag meanwhile, the registry is told that instead, so
 * that the slowest of several writers still leaves the newest image.
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
    let holder = await ask();
    const moved = holder.phase === 'held' && holder.buildId === buildId;
    if (!moved) return { tag, moved };
    for (let repairs = 0; repairs < MAX_REPAIRS && holder.phase === 'held'; repairs++) {
      await registry.tag(`${namespace}/${repoName}`, tag, holder.digest);
      const now = await ask();
      if (now.phase === 'held' && now.digest === holder.digest) break;
      holder = now;
    }
    return { tag, moved };
  };
}
