import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { streams, type RepositoryEvent } from '@slipway/contracts';
import { createMemoryEventStore, type EventStore } from '@slipway/event-store';
import { boxReader } from '@slipway/platform';
import { fakeClock } from '@slipway/testing';
import { hostKeyDesk } from '../host-keys/host-keys.js';
import { giveDeployKey } from './give-deploy-key.js';
import { seal } from './seal.js';

const at = '2026-11-23T10:00:00.000Z';
const publicKey = 'ssh-ed25519 AAAA slipway:alice/app';
const secret = Buffer.from('the private half');
const former = createSecretKey(randomBytes(32));
const current = createSecretKey(randomBytes(32));
const asked = { namespace: 'alice', repo_name: 'app', configId: 3, host: 'git.example:2222' };

describe('the deploy key of a build', () => {
  let store: EventStore;
  beforeEach(async () => {
    store = createMemoryEventStore();
    await tell([
      { type: 'RepositoryCreated', data: { ...repository, at } },
      {
        type: 'BuildConfigChanged',
        data: { configId: 3, source, buildNode: 'in', emailEnabled: false, tagConfigs: [], changedBy: 'alice', at },
      },
      {
        type: 'DeployKeyIssued',
        data: { configId: 3, publicKey, privateKey: seal(secret, publicKey, former), at },
      },
    ]);
  });
  const give = (keys: Parameters<typeof giveDeployKey>[0]['secretKeys'], change: Partial<typeof asked> = {}) => {
    const reader = boxReader();
    const answer = giveDeployKey({ store, secretKeys: keys })({ ...asked, reader: reader.publicKey, ...change });
    return answer.then((reply) => ({ ...reply, opened: reader.open(reply.box, reply.publicKey) }));
  };

  it('is given to the reader alone, also when a former key of the environment sealed it', async () => {
    const { opened, ...reply } = await give([current, former]);
    expect(opened).toEqual(secret);
    expect(JSON.stringify(reply)).not.toContain(secret.toString('base64'));
    expect(reply).toMatchObject({ publicKey, hostKeys: [] });
  });

  it('comes with the keys pinned for that host', async () => {
    const body = { keys: ['ssh-ed25519 BBBB', 'ssh-rsa AAAA'] };
    const sender = { commandId: randomUUID(), actor: 'ada', correlationId: 'c1' };
    const { pin } = hostKeyDesk({ store, clock: fakeClock() });
    await pin({ ...sender, command: { host: 'git.example:2222', body } });
    expect((await give([former])).hostKeys).toEqual(body.keys);
    expect((await give([former], { host: 'git.example' })).hostKeys).toEqual([]);
  });

  it('is not given when the environment no longer opens it', () =>
    expect(give([current])).rejects.toMatchObject({ code: 'DEPLOY_KEY_UNREADABLE' }));

  it.each([{ configId: 4 }, { repo_name: 'other' }])('is not given for %j', (change) =>
    expect(give([former], change)).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' }),
  );

  const source = { client: 'Simple' as const, cloneUrl: 'ssh://git@git.example:2222/r.git' };
  const repository = {
    namespace: 'alice',
    repoName: 'app',
    description: '',
    fullDescription: '',
    isPublic: true,
    createdBy: 'alice',
  };
  async function tell(events: readonly RepositoryEvent[]): Promise<void> {
    const metadata = { at, actor: 'user:alice', $correlationId: 'c', $causationId: 'c', version: 1 };
    const stored = events.map((event) => ({ id: randomUUID(), ...event, metadata }));
    await store.append(streams.repository('alice', 'app'), stored, -1);
  }
});
