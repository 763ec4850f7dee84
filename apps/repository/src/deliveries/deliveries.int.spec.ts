import { createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { commandSubjects, streams, type DeliveryReply } from '@slipway/contracts';
import { repository } from '@slipway/domain';
import { createMemoryEventStore, deliveryCodec, loadState, repositoryCodec } from '@slipway/event-store';
import { fakeClock, startGitServer, until, type GitServer } from '@slipway/testing';
import { COMMIT, DeliveryHouse, push, runOf, signed, webhookOf } from './deliveries.fixtures.js';
import { resealWebhookSecrets } from './reseal-webhook-secrets.js';

const LIMIT_MS = 60_000;
let git: GitServer;
let house: DeliveryHouse;

beforeAll(async () => {
  git = await startGitServer();
  house = await DeliveryHouse.open(git.url);
}, LIMIT_MS);
afterAll(async () => {
  await house.close();
  await git.stop();
});
beforeEach(async () => {
  house.store = createMemoryEventStore();
  house.asked.clear();
  await house.start();
  await house.takeBuilds();
});
afterEach(() => house.stop());

const stateOf = async (name: string) => {
  const parts = { store: house.store, decider: repository, codec: repositoryCodec };
  const { state } = await loadState(parts, streams.repository('alice', name));
  if (state.phase !== 'present') throw new Error('there is no repository');
  return state;
};
const streamOf = ({ events }: DeliveryReply): string => {
  const event = events[0]?.event;
  if (event?.type !== 'DeliveryReceived') throw new Error('nothing was received');
  return streams.delivery(event.data.code, event.data.deliveryId);
};
const isDone = async (stream: string): Promise<boolean> =>
  (await house.store.read(stream)).some(({ type }) => type === 'DeliveryCompleted');
const settled = async (reply: DeliveryReply): Promise<void> => {
  await until(() => isDone(streamOf(reply)), { limitMs: 30_000 });
};

describe('the webhook of a build config', () => {
  it('has a code once a push starts builds, and keeps it', async () => {
    expect(await house.repository('quiet', 'GitHub', { isActive: false })).toBeNull();
    const code = await house.repository('app');
    expect(code).toMatch(/^[A-Za-z0-9_-]{32}$/);

    const tag = { code_repo_type: 'branch', code_repo_type_value: 'main', docker_repo_tag: 'latest' };
    const more = { build_context_path: '/', dockerfile_location: '/', build_cache_enabled: true, version_tagging: 0 };
    const configure = async (isActive: boolean): Promise<string | null> => {
      const tag_configs = [{ ...tag, ...more, is_active: isActive }];
      const command = { namespace: 'alice', repo_name: 'quiet', body: { tag_configs }, ifMatch: null };
      return webhookOf((await house.send(commandSubjects.changeBuildConfig, command)).events);
    };
    const first = await configure(true);
    expect(first).not.toBeNull();
    expect([await configure(false), await configure(true)]).toEqual([first, first]);
  });

  it('gets another code and secret when somebody asks, and the secret is kept sealed', async () => {
    const before = await house.repository('app', 'Simple');
    const { code, secret } = await house.webhook('app');
    const all = JSON.stringify(await house.store.read(streams.repository('alice', 'app')));
    expect(all).not.toContain(secret);
    await expect(house.deliver(before ?? '', push())).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
    expect(runOf(await house.deliver(code, push())).builds).toHaveLength(1);
  });

  it('keeps its secret when the key of the environment is exchanged', async () => {
    await house.repository('app');
    await house.webhook('app');
    const key = createSecretKey(randomBytes(32));
    const parts = { store: house.store, clock: fakeClock(), secretKeys: [key, house.secretKey] as const };
    const reseal = () => resealWebhookSecrets(parts, AbortSignal.timeout(LIMIT_MS));
    expect(await reseal()).toEqual({ resealed: 1, current: 0, unreadable: 0 });
    expect(await reseal()).toEqual({ resealed: 0, current: 1, unreadable: 0 });
  });
});

describe('a delivery', () => {
  it('is stored, and its builds are asked for in the name of whoever the repository belongs to', async () => {
    await house.repository('app');
    const { code, secret } = await house.webhook('app');
    const headers = signed(secret, push());
    const reply = await house.deliver(code, push(), headers);
    const [build] = runOf(reply).builds;
    expect(runOf(reply)).toMatchObject({ stage: 'done', builds: [{ refName: 'main', commit: COMMIT }], skipped: [] });
    expect([...house.asked.values()]).toMatchObject([
      {
        commandId: build?.buildId,
        actor: 'alice',
        command: {
          tag: 'latest',
          code_repo_type_value: 'main',
          code_commit_id: COMMIT,
          trigger: { kind: 'webhook', deliveryId: headers['x-github-delivery'] },
        },
      },
    ]);
    const kept = JSON.stringify(await house.store.read(streamOf(reply)));
    for (const proof of [secret, headers['x-hub-signature-256'] ?? '']) expect(kept).not.toContain(proof);
  });

  it(
    'a hundred times at once makes one build, and every answer names it',
    async () => {
      await house.repository('app');
      const { code, secret } = await house.webhook('app');
      const headers = signed(secret, push());
      await house.start(); // two share the work
      const replies = await Promise.all(Array.from({ length: 100 }, () => house.deliver(code, push(), headers)));
      const ids = new Set(replies.flatMap((reply) => runOf(reply).builds.map(({ buildId }) => buildId)));
      expect(ids.size).toBe(1);
      expect(replies.every((reply) => runOf(reply).builds.length === 1)).toBe(true);
      expect([...house.asked.keys()]).toEqual([...ids]);
    },
    LIMIT_MS,
  );

  it('is refused, and nothing is kept, without a proof or for no webhook', async () => {
    const unsigned = await house.repository('app');
    await expect(house.deliver(unsigned ?? '', push())).rejects.toMatchObject({ code: 'WEBHOOK_SECRET_MISSING' });
    const { code } = await house.webhook('app');
    const forged = signed('another secret', push());
    await expect(house.deliver(code, push(), forged)).rejects.toMatchObject({ code: 'WEBHOOK_PROOF_INVALID' });
    await expect(house.deliver('x'.repeat(32), push())).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
    expect(await house.store.read(streams.delivery(code, forged['x-github-delivery'] ?? ''))).toEqual([]);
    expect(house.asked.size).toBe(0);
  });

  it('is refused when it cannot be read, and when another one had its id', async () => {
    await house.repository('app', 'Simple');
    const { code } = await house.webhook('app');
    await expect(house.deliver(code, '{')).rejects.toMatchObject({ code: 'REQUEST_MALFORMED' });
    await expect(house.deliver(code, { ref: 1 })).rejects.toMatchObject({ code: 'DELIVERY_INVALID' });
    const headers = { 'x-github-delivery': randomUUID() };
    await house.deliver(code, push(), headers);
    await expect(house.deliver(code, push({ forced: true }), headers)).rejects.toMatchObject({
      code: 'DELIVERY_CONFLICT',
    });
  });

  it('may be a form whose payload is JSON', async () => {
    await house.repository('app', 'Simple');
    const { code } = await house.webhook('app');
    const form = new URLSearchParams({ payload: JSON.stringify(push()) }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(runOf(await house.deliver(code, form, headers)).builds).toHaveLength(1);
  });

  it('says why nothing comes of a deletion, of a ref without a rule, and of a ping', async () => {
    await house.repository('app', 'Simple');
    const { code } = await house.webhook('app');
    const whyOf = async (payload: object, headers = {}) =>
      runOf(await house.deliver(code, payload, headers)).skipped.map(({ why }) => why);
    expect(await whyOf(push({ after: '0'.repeat(40) }))).toEqual(['REF_DELETED']);
    expect(await whyOf(push({ ref: 'refs/heads/other' }))).toEqual(['NO_RULE']);
    expect(await whyOf({ zen: 'Keep it' }, { 'x-github-event': 'ping' })).toEqual(['PING']);
    expect(house.asked.size).toBe(0);
  });
});

describe('a delivery that cannot go on', () => {
  it(
    'is stored while no orchestrator answers, and goes on after a restart',
    async () => {
      await house.repository('app', 'Simple');
      const { code } = await house.webhook('app');
      await house.refuseBuilds();
      const reply = await house.deliver(code, push());
      expect(runOf(reply)).toMatchObject({ stage: 'decided', waitingFor: 'SERVICE_UNAVAILABLE' });
      await house.stop();
      await house.takeBuilds();
      await house.start();
      await settled(reply);
      expect([...house.asked.keys()]).toEqual(runOf(reply).builds.map(({ buildId }) => buildId));
    },
    LIMIT_MS,
  );

  it(
    'waits for room in its namespace, and says so',
    async () => {
      await house.repository('app', 'Simple');
      const { code } = await house.webhook('app');
      let isFull = true;
      await house.takeBuilds(() => (isFull ? 'QUOTA_EXCEEDED' : undefined));
      const reply = await house.deliver(code, push());
      expect(runOf(reply)).toMatchObject({ stage: 'decided', waitingFor: 'QUOTA_EXCEEDED' });
      isFull = false;
      await settled(reply);
      expect(house.asked.size).toBe(1);
    },
    LIMIT_MS,
  );

  it('is over when its build is refused for good', async () => {
    await house.repository('app', 'Simple');
    const { code } = await house.webhook('app');
    await house.takeBuilds(() => 'TAG_CONFIG_NOT_FOUND');
    expect(runOf(await house.deliver(code, push()))).toMatchObject({
      stage: 'done',
      builds: [],
      skipped: [{ why: 'BUILD_REFUSED', detail: 'TAG_CONFIG_NOT_FOUND' }],
    });
  });
});

describe('a replay', () => {
  it('starts new builds where the build config is for it by now; a dry run only says so', async () => {
    await house.repository('app', 'Simple', { isActive: false });
    const { code } = await house.webhook('app');
    const reply = await house.deliver(code, push());
    expect(runOf(reply).skipped).toMatchObject([{ why: 'NOT_ACTIVE' }]);
    const [first] = reply.events;
    const deliveryId = first?.event.type === 'DeliveryReceived' ? first.event.data.deliveryId : '';
    const { tagConfigs } = await stateOf('app');
    const config = tagConfigs.map(({ id }) => ({
      id,
      code_repo_type: 'branch',
      code_repo_type_value: 'main',
      docker_repo_tag: 'latest',
      build_context_path: '/',
      dockerfile_location: '/',
      build_cache_enabled: true,
      version_tagging: 0,
      is_active: true,
    }));
    const command = { namespace: 'alice', repo_name: 'app', body: { tag_configs: config }, ifMatch: null };
    await house.send(commandSubjects.changeBuildConfig, command);

    const before = await house.store.read(streamOf(reply));
    const dry = await house.replay('app', { code, deliveryId }, true);
    expect(runOf(dry).builds).toMatchObject([{ imageTag: 'latest', commit: COMMIT }]);
    expect(await house.store.read(streamOf(reply))).toEqual(before);
    expect(house.asked.size).toBe(0);

    const replayed = await house.replay('app', { code, deliveryId });
    expect(runOf(replayed)).toMatchObject({ stage: 'done', builds: [{ commit: COMMIT }] });
    expect(house.asked.size).toBe(1);
    await expect(house.replay('other', { code, deliveryId })).rejects.toMatchObject({ code: 'DELIVERY_NOT_FOUND' });
  });
});

describe('a delivery whose proof does not cover its refs', () => {
  it(
    'is only built where the code host has the ref at that commit',
    async () => {
      const { commits } = await git.createRepository('alice/hello', { a: '1' }, { commits: [{ a: '2' }] });
      const [older = '', newest = ''] = commits;
      await house.repository('app', 'OSChina');
      const { code, secret } = await house.webhook('app');
      const giteeHeaders = (): Record<string, string> => {
        const timestamp = String(Date.now());
        const token = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
        return { 'x-gitee-event': 'Push Hook', 'x-gitee-token': token, 'x-gitee-timestamp': timestamp };
      };
      const built = await house.deliver(code, push({ after: newest }), giteeHeaders());
      await settled(built);
      expect([...house.asked.values()]).toMatchObject([{ command: { code_commit_id: newest } }]);
      const moved = await house.deliver(code, push({ after: older }), giteeHeaders());
      await settled(moved);
      const events = (await house.store.read(streamOf(moved))).flatMap((stored) => deliveryCodec.decode(stored) ?? []);
      expect(events).toMatchObject([{}, { type: 'DeliverySkipped', data: { why: 'REF_MOVED' } }, {}]);
      expect(house.asked.size).toBe(1);
    },
    LIMIT_MS,
  );
});
