import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { streams, type RepositoryEvent } from '@slipway/contracts';
import { codeHosts } from '@slipway/domain';
import { egressTo, parsePrivateHosts } from '@slipway/egress';
import { createMemoryEventStore } from '@slipway/event-store';
import { parseCloneUrl, sshHostOf } from '@slipway/git';
import { fakeClock, makeSshKey, startGitServer, startSshGitServer, temporaryDirectory } from '@slipway/testing';
import { refReader } from '../deliveries/confirm-refs.js';
import { seal } from '../deploy-keys/seal.js';
import { hostKeyDesk } from '../host-keys/host-keys.js';
import { reconcileRefs } from './reconcile-refs.js';

const at = '2026-11-26T10:00:00.000Z';

it('compares private code with the deploy key, and only at a host whose key is pinned', async () => {
  const folder = temporaryDirectory();
  const http = await startGitServer({ root: folder.path, auth: { username: 'nobody', password: 'knows' } });
  const { head } = await http.createRepository('alice/hello', { a: '1' });
  const key = makeSshKey();
  const ssh = await startSshGitServer({ root: folder.path, authorizedKeys: () => [key.publicKey] });
  try {
    const secretKey = createSecretKey(randomBytes(32));
    const store = createMemoryEventStore();
    const clock = fakeClock();
    const hosts = codeHosts({ OSChina: http.url }, { OSChina: ssh.url });
    const egress = egressTo({ privateHosts: parsePrivateHosts('127.0.0.0/8') });
    const parts = { store, clock, readRefs: refReader({ store, hosts, egress, secretKeys: [secretKey] }) };
    const said = repositoryWith(key.publicKey, seal(key.privateKey, key.publicKey, secretKey));
    const metadata = { at, actor: 'test', $correlationId: 'c-1', $causationId: 'c-1', version: 1 };
    const events = said.map((event) => ({ ...event, id: randomUUID(), metadata }));
    await store.append(streams.repository('alice', 'app'), events, 'any');
    const look = (): Promise<void> =>
      reconcileRefs(parts, { namespace: 'alice', repoName: 'app' }, new AbortController().signal);

    await expect(look()).rejects.toThrow();
    expect(await store.read(streams.refs(3))).toEqual([]);

    const host = sshHostOf(parseCloneUrl(`${ssh.url}/alice/hello.git`))?.name ?? '';
    const sender = { commandId: randomUUID(), actor: 'ada', correlationId: 'c-1' };
    await hostKeyDesk({ store, clock }).pin({ ...sender, command: { host, body: { keys: [ssh.hostKey] } } });
    await look();
    const observed = { observation: 1, refs: [{ name: 'refs/heads/main', commit: head }], found: [] };
    expect(await store.read(streams.refs(3))).toMatchObject([{ type: 'RefsObserved', data: observed }]);
  } finally {
    await Promise.all([http.stop(), ssh.stop()]);
    folder.remove();
  }
}, 60_000);

function repositoryWith(publicKey: string, privateKey: ReturnType<typeof seal>): readonly RepositoryEvent[] {
  const tagConfig = {
    id: 4,
    refType: 'branch' as const,
    refName: 'main',
    dockerRepoTag: 'latest',
    buildContextPath: '/',
    dockerfileLocation: '/',
    isActive: true,
    cacheEnabled: true,
    versionTagging: 0 as const,
  };
  const source = { client: 'OSChina' as const, namespace: 'alice', name: 'hello' };
  const described = { description: '', fullDescription: '', isPublic: false, createdBy: 'alice' };
  const config = { configId: 3, source, buildNode: 'in', emailEnabled: false, tagConfigs: [tagConfig] };
  return [
    { type: 'RepositoryCreated', data: { namespace: 'alice', repoName: 'app', ...described, at } },
    { type: 'BuildConfigChanged', data: { ...config, changedBy: 'alice', at } },
    { type: 'DeployKeyIssued', data: { configId: 3, publicKey, privateKey, at } },
    { type: 'WebhookIssued', data: { configId: 3, code: 'c'.repeat(32), secret: null, issuedBy: 'alice', at } },
  ];
}
