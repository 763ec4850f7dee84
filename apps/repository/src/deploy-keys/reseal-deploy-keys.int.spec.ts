import { createSecretKey, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { streams, type RepositoryEvent } from '@slipway/contracts';
import { repository } from '@slipway/domain';
import { createMemoryEventStore, loadState, repositoryCodec, type EventStore } from '@slipway/event-store';
import { fakeClock } from '@slipway/testing';
import { resealDeployKeys } from './reseal-deploy-keys.js';
import type { Resealed } from './reseal.js';
import { openSealed, type SecretKeys } from './secret-keys.js';
import { seal } from './seal.js';

const at = '2026-11-23T10:00:00.000Z';
const secretOf = (name: string): Buffer => Buffer.from(`private half of ${name}`);
const publicOf = (name: string): string => `ssh-ed25519 AAAA ${name}`;
const [former, current, lost] = [0, 1, 2].map(() => createSecretKey(randomBytes(32))) as [
  KeyObject,
  KeyObject,
  KeyObject,
];

describe('a change of the secret key', () => {
  let store: EventStore;
  beforeEach(async () => {
    store = createMemoryEventStore();
    await create('one', former);
    await create('two', former);
  });
  const reseal = (...secretKeys: SecretKeys): Promise<Resealed> =>
    resealDeployKeys({ store, clock: fakeClock(), secretKeys }, AbortSignal.timeout(10_000));
  const keyOf = async (name: string) => {
    const { state } = await loadState(
      { store, decider: repository, codec: repositoryCodec },
      streams.repository('alice', name),
    );
    if (state.phase !== 'present' || !state.deployKey) throw new Error(`no key of ${name}`);
    return state.deployKey;
  };

  it('seals every deploy key anew, once', async () => {
    expect(await reseal(current, former)).toEqual({ resealed: 2, current: 0, unreadable: 0 });
    expect(await reseal(current, former)).toEqual({ resealed: 0, current: 2, unreadable: 0 });
    for (const name of ['one', 'two']) {
      const { privateKey, publicKey } = await keyOf(name);
      expect(publicKey).toBe(publicOf(name));
      expect(openSealed(privateKey, publicKey, [current])).toEqual(secretOf(name));
      expect(await store.read(streams.repository('alice', name))).toHaveLength(4);
    }
  });

  it('leaves alone, and counts, what nobody can open, and what was deleted', async () => {
    await create('three', lost);
    await create('four', former);
    await append('four', [{ type: 'RepositoryDeleted', data: { deletionId: randomUUID(), deletedBy: 'bob', at } }]);
    expect(await reseal(current, former)).toEqual({ resealed: 2, current: 0, unreadable: 1 });
    expect(await reseal(current, former, lost)).toEqual({ resealed: 1, current: 2, unreadable: 0 });
  });

  const create = (repoName: string, secretKey: KeyObject): Promise<void> => {
    const publicKey = publicOf(repoName);
    const source = { client: 'Simple' as const, cloneUrl: 'http://host/r.git' };
    const described = { description: '', fullDescription: '', isPublic: true };
    return append(repoName, [
      { type: 'RepositoryCreated', data: { namespace: 'alice', repoName, ...described, createdBy: 'alice', at } },
      {
        type: 'BuildConfigChanged',
        data: { configId: 3, source, buildNode: 'in', emailEnabled: false, tagConfigs: [], changedBy: 'alice', at },
      },
      {
        type: 'DeployKeyIssued',
        data: { configId: 3, publicKey, privateKey: seal(secretOf(repoName), publicKey, secretKey), at },
      },
    ]);
  };
  async function append(repoName: string, events: readonly RepositoryEvent[]): Promise<void> {
    const metadata = { at, actor: 'user:alice', $correlationId: 'c', $causationId: 'c', version: 1 };
    const stored = events.map((event) => ({ id: randomUUID(), ...event, metadata }));
    await store.append(streams.repository('alice', repoName), stored, 'any');
  }
});
