import { randomUUID } from 'node:crypto';
import { streams, type Digest } from '@slipway/contracts';
import { buildCodec, createMemoryEventStore } from '@slipway/event-store';
import { at } from '../orchestrator.fixtures.js';
import { imageNaming } from './own-tag.js';
import type { Registry } from './registry.js';

const repository = { namespace: 'alice', repoName: 'app' };
const digestOf = (word: string): Digest => `sha256:${word.repeat(64)}`;
const [first, second] = [digestOf('1'), digestOf('2')];

describe('the image of a build', () => {
  const buildId = randomUUID();
  const store = createMemoryEventStore();
  const record = async (attempt: number, digest: Digest): Promise<void> => {
    const data = { buildId, attempt, imageId: digest, digest, size: 1, at };
    const metadata = {
      at,
      actor: 'agent:a1',
      $correlationId: buildId,
      $causationId: buildId,
      version: buildCodec.version,
    };
    await store.append(streams.build(buildId), [{ id: randomUUID(), type: 'ImagePushed', data, metadata }], 'any');
  };
  /** @param meanwhile before it answers for the first time */
  const registry = (meanwhile: () => Promise<void>): Registry & { readonly told: string[] } => {
    const told: string[] = [];
    return {
      told,
      tag: async (...words) => {
        told.push(words.join(' '));
        if (told.length === 1) await meanwhile();
      },
    };
  };
  const named = (digest: Digest): string => `alice/app build-${buildId} ${digest}`;

  it('is named by the digest that is recorded', async () => {
    await record(1, first);
    const slow = registry(() => Promise.resolve());
    await imageNaming(store, slow)({ ...repository, buildId, digest: first });
    expect(slow.told).toEqual([named(first)]);
  });

  it('is that of the attempt that was recorded meanwhile, whoever tells the registry last', async () => {
    const slow = registry(() => record(2, second));
    await imageNaming(store, slow)({ ...repository, buildId, digest: first });
    expect(slow.told).toEqual([named(first), named(second)]);
  });
});
