import { commandSubjects, CreateRepositoryBody, ReconcileReply } from '@slipway/contracts';
import { request } from '@slipway/messaging';
import { startGitServer, type GitServer } from '@slipway/testing';
import { DeliveryHouse } from '../deliveries/deliveries.fixtures.js';

const LIMIT_MS = 60_000;
let git: GitServer;
let house: DeliveryHouse;

beforeAll(async () => {
  git = await startGitServer();
  house = await DeliveryHouse.open(git.url);
  await house.takeBuilds();
  await house.start();
}, LIMIT_MS);
afterAll(() => house.close());

const look = (repo_name: string): Promise<ReconcileReply> => {
  const command = { namespace: 'alice', repo_name };
  const envelope = { commandId: crypto.randomUUID(), actor: 'alice', correlationId: 'c1', command };
  return request(house.nats, commandSubjects.reconcileRefs, envelope, { reply: ReconcileReply, timeoutMs: 30_000 });
};

it(
  'says why there was no look: nothing to compare, a code host that refuses, one that does not answer',
  async () => {
    await expect(look('nothing')).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
    await house.repository('quiet', 'OSChina', { isActive: false });
    await expect(look('quiet')).rejects.toMatchObject({ code: 'REFS_NOT_COMPARED' });

    const tag_configs = [
      { code_repo_type: 'branch', code_repo_type_value: 'main', docker_repo_tag: 'latest', is_active: true },
    ];
    const source = { code_repo_client: 'Simple', code_repo_clone_url: `${git.url}/alice/hello.git` };
    const body = CreateRepositoryBody.parse({ repo_name: 'app', build_config: { ...source, tag_configs } });
    await house.send(commandSubjects.createRepository, { namespace: 'alice', body });
    await expect(look('app')).rejects.toMatchObject({ code: 'CODE_HOST_REFUSED' });
    await git.createRepository('alice/hello', { a: '1' });
    expect(await look('app')).toMatchObject({ events: [], isFirst: true });
    await git.stop();
    await expect(look('app')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(house.asked.size).toBe(0);
  },
  LIMIT_MS,
);
