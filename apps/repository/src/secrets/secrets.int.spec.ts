import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { streams, type RepositoryEvent } from '@slipway/contracts';
import { createMemoryEventStore, type EventStore } from '@slipway/event-store';
import { boxReader } from '@slipway/platform';
import { fakeClock } from '@slipway/testing';
import type { SecretKeys } from '../deploy-keys/secret-keys.js';
import { giveSecrets } from './give-secrets.js';
import { resealSecrets } from './reseal-secrets.js';
import { secretDesk, type SecretDesk } from './secret-desk.js';

const namespace = 'alice';
const at = '2026-11-24T10:00:00.000Z';
const [former, current, lost] = [0, 1, 2].map(() => createSecretKey(randomBytes(32)));
const sender = () => ({ commandId: randomUUID(), actor: 'alice', correlationId: 'c1' });

describe('the secrets of a namespace', () => {
  let store: EventStore;
  let desk: SecretDesk;
  beforeEach(async () => {
    store = createMemoryEventStore();
    desk = deskWith(former!);
    await createRepository('app', 3);
  });
  const deskWith = (secretKey: SecretKeys[0]): SecretDesk => secretDesk({ store, clock: fakeClock(at), secretKey });
  const set = (name: string, value: string, repo_name: string | null = null) =>
    desk.set({ ...sender(), command: { namespace, repo_name, name, body: { value } } });
  const setCredential = (host: string, password: string) =>
    desk.setCredential({ ...sender(), command: { namespace, host, body: { username: 'robot', password } } });
  const give = async (configId: number, ...secretKeys: readonly SecretKeys[0][]) => {
    const reader = boxReader();
    const keys = secretKeys as unknown as SecretKeys;
    const reply = await giveSecrets({ store, secretKeys: keys })({ namespace, configId, reader: reader.publicKey });
    return {
      reply,
      secrets: Object.fromEntries(reply.secrets.map(({ name, box }) => [name, reader.open(box, name).toString()])),
      passwords: Object.fromEntries(reply.registries.map(({ host, box }) => [host, reader.open(box, host).toString()])),
    };
  };
  const rotate = (...secretKeys: readonly SecretKeys[0][]) =>
    resealSecrets(
      { store, clock: fakeClock(), secretKeys: secretKeys as unknown as SecretKeys },
      AbortSignal.timeout(10_000),
    );

  it('are told by name, never by value: not in answers, not in events', async () => {
    const { secrets } = await set('token', 'the value of the token');
    expect(secrets).toEqual([{ name: 'token', created_at: at, updated_at: at, updated_by: 'alice' }]);
    const { registry_credentials } = await setCredential('registry.example', 'the password');
    expect(registry_credentials).toEqual([
      { host: 'registry.example', username: 'robot', created_at: at, updated_at: at, updated_by: 'alice' },
    ]);
    const kept = JSON.stringify(await store.read(streams.secrets(namespace)));
    for (const plain of ['the value of the token', 'the password']) {
      expect(kept).not.toContain(plain);
      expect(kept).not.toContain(Buffer.from(plain).toString('base64'));
    }
  });

  it('are given to the reader alone, those of the repository before those of the namespace', async () => {
    await set('token', 'of the namespace');
    await set('token', 'of the repository', 'app');
    await set('shared', 'ünï\ncode');
    await setCredential('registry.example:5000', 'the password');
    const { reply, secrets, passwords } = await give(3, former!);
    expect(secrets).toEqual({ token: 'of the repository', shared: 'ünï\ncode' });
    expect(passwords).toEqual({ 'registry.example:5000': 'the password' });
    expect(reply.registries).toMatchObject([{ username: 'robot' }]);
    expect(JSON.stringify(reply)).not.toContain(Buffer.from('of the repository').toString('base64'));
    expect((await give(4, former!)).secrets).toEqual({ token: 'of the namespace', shared: 'ünï\ncode' });
  });

  it('of a deleted repository are not those of the next one of its name', async () => {
    await set('token', 'of the first', 'app');
    await append('app', [{ type: 'RepositoryDeleted', data: { deletionId: randomUUID(), deletedBy: 'alice', at } }]);
    await expect(set('token', 'late', 'app')).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
    await createRepository('app', 9);
    expect((await desk.list({ namespace, repo_name: 'app' })).secrets).toEqual([]);
    expect((await give(9, former!)).secrets).toEqual({});
  });

  it('are sealed anew under the present key, once, and open with it alone', async () => {
    await set('token', 'of the repository', 'app');
    await setCredential('registry.example', 'the password');
    expect(await rotate(current!, former!)).toEqual({ resealed: 2, current: 0, unreadable: 0 });
    expect(await rotate(current!, former!)).toEqual({ resealed: 0, current: 2, unreadable: 0 });
    expect(await give(3, current!)).toMatchObject({
      secrets: { token: 'of the repository' },
      passwords: { 'registry.example': 'the password' },
    });
  });

  it('that no key opens are counted, and not given', async () => {
    await set('token', 'sealed', 'app');
    expect(await rotate(current!, lost!)).toEqual({ resealed: 0, current: 0, unreadable: 1 });
    await expect(give(3, current!)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
  });

  it('do not open in another place', async () => {
    await set('token', 'of the namespace');
    const [stored] = await store.read(streams.secrets(namespace));
    const { data, metadata, type } = stored as { type: string; data: object; metadata: object };
    const moved = { id: randomUUID(), type, data: { ...data, name: 'elsewhere' }, metadata };
    await store.append(streams.secrets(namespace), [moved as never], 'any');
    await expect(give(3, former!)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
  });

  async function createRepository(repoName: string, configId: number): Promise<void> {
    const described = { description: '', fullDescription: '', isPublic: true };
    const source = { client: 'Simple' as const, cloneUrl: 'http://host/r.git' };
    await append(repoName, [
      { type: 'RepositoryCreated', data: { namespace, repoName, ...described, createdBy: 'alice', at } },
      {
        type: 'BuildConfigChanged',
        data: { configId, source, buildNode: 'in', emailEnabled: false, tagConfigs: [], changedBy: 'alice', at },
      },
    ]);
  }
  async function append(repoName: string, events: readonly RepositoryEvent[]): Promise<void> {
    const metadata = { at, actor: 'user:alice', $correlationId: 'c', $causationId: 'c', version: 1 };
    const stored = events.map((event) => ({ id: randomUUID(), ...event, metadata }));
    await store.append(streams.repository(namespace, repoName), stored, 'any');
  }
});
