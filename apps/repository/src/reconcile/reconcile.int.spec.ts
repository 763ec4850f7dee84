import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { commandSubjects, streams, type DeliveryEvent } from '@slipway/contracts';
import { observedRefs, repository } from '@slipway/domain';
import {
  commandHandler,
  createMemoryEventStore,
  deliveryCodec,
  loadState,
  refsCodec,
  repositoryCodec,
} from '@slipway/event-store';
import { startGitServer, until, type GitRepository, type GitServer } from '@slipway/testing';
import { DeliveryHouse, push } from '../deliveries/deliveries.fixtures.js';

const LIMIT_MS = 60_000;
const INTERVAL_MS = 200;
const at = '2026-11-26T10:00:00.000Z';
let git: GitServer;
let code: GitRepository;
let house: DeliveryHouse;

beforeAll(async () => {
  git = await startGitServer();
  const commits = [{ a: '2' }, { a: '3' }];
  code = await git.createRepository('alice/hello', { a: '1' }, { commits });
  house = await DeliveryHouse.open(git.url);
}, LIMIT_MS);
afterAll(async () => {
  await house.close();
  await git.stop();
});
beforeEach(async () => {
  house.store = createMemoryEventStore();
  house.asked.clear();
  await moveRef('heads/main', 0);
  await house.takeBuilds();
});
afterEach(() => house.stop());

const commitAt = (index: number): string => code.commits[index] ?? '';
/** As a push does, of which nobody is told. */
const moveRef = async (ref: string, index: number): Promise<void> => {
  await promisify(execFile)('git', ['-C', code.directory, 'update-ref', `refs/${ref}`, commitAt(index)]);
};
const present = async (name = 'app') => {
  const parts = { store: house.store, decider: repository, codec: repositoryCodec };
  const { state } = await loadState(parts, streams.repository('alice', name));
  if (state.phase !== 'present') throw new Error('there is no repository');
  return state;
};
const observations = async (name?: string): Promise<number> => {
  const { configId } = await present(name);
  return (await house.store.read(streams.refs(configId))).length;
};
/** Resolves when refs were compared again, from the start to the end: of two more looks the first is over. */
const looked = async (): Promise<void> => {
  const before = git.requests.length;
  const asksALook = 2; // of protocol version 2
  await until(() => git.requests.length >= before + 3 * asksALook, { limitMs: 30_000, what: 'looks' });
};
/** A repository whose branch `main` is built, and which has been looked at. */
const watched = async (): Promise<void> => {
  await house.repository('app', 'OSChina');
  await until(async () => (await observations()) > 0, { limitMs: 30_000, what: 'the first look' });
};
const asked = () => [...house.asked.values()].map(({ command }) => command);
const askedFor = (count: number) =>
  until(() => house.asked.size === count, { limitMs: 30_000, what: `${count} builds` });
const eventsOf = async (deliveryId: string): Promise<readonly DeliveryEvent[]> => {
  const { webhook } = await present();
  const stored = await house.store.read(streams.delivery(webhook?.code ?? '', deliveryId));
  return stored.flatMap((event) => deliveryCodec.decode(event) ?? []);
};
const completed = (deliveryId: string) =>
  until(async () => (await eventsOf(deliveryId)).some(({ type }) => type === 'DeliveryCompleted'), {
    limitMs: 30_000,
    what: 'the end of the delivery',
  });
/** As Gitee tells of a push. Answers what became of it. */
const deliver = async (index: number): Promise<readonly DeliveryEvent[]> => {
  const { code: webhook, secret } = await house.webhook('app');
  const timestamp = String(Date.now());
  const token = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
  const headers = { 'x-gitee-event': 'Push Hook', 'x-gitee-token': token, 'x-gitee-timestamp': timestamp };
  const reply = await house.deliver(webhook, push({ after: commitAt(index) }), headers);
  const [received] = reply.events;
  if (received?.event.type !== 'DeliveryReceived') throw new Error('nothing was received');
  const { deliveryId } = received.event.data;
  await completed(deliveryId);
  return eventsOf(deliveryId);
};

describe('comparing refs', () => {
  it(
    'builds a push of which nobody told, once, and says why; what was there before is not built',
    async () => {
      await house.start(INTERVAL_MS);
      await house.start(INTERVAL_MS);
      await watched();
      await looked();
      expect(asked()).toEqual([]);

      await moveRef('heads/main', 1);
      await moveRef('heads/other', 1); // no tag config is for it
      await askedFor(1);
      const trigger = { kind: 'webhook', deliveryId: 'reconciler.2' };
      const named = { namespace: 'alice', repo_name: 'app', tag: 'latest' };
      const ref = { code_repo_type_value: 'main', code_commit_id: commitAt(1) };
      expect(asked()).toMatchObject([{ ...named, ...ref, trigger }]);
      await completed('reconciler.2');
      expect((await eventsOf('reconciler.2')).map(({ type }) => type)).toEqual([
        'DeliveryReceived',
        'DeliveryMatched',
        'DeliveryCompleted',
      ]);
      await looked();
      expect(house.asked.size).toBe(1);

      await moveRef('heads/main', 0);
      await askedFor(2);
      expect(asked()[1]).toMatchObject({ code_commit_id: commitAt(0) });
    },
    LIMIT_MS,
  );

  it(
    'starts nothing for a push that a webhook told of, before or after',
    async () => {
      await house.start(INTERVAL_MS);
      await watched();
      await house.stop(); // nobody looks between the push and the webhook
      await house.start();
      await moveRef('heads/main', 1);
      await deliver(1);
      expect(house.asked.size).toBe(1);
      await house.start(INTERVAL_MS);
      await looked();
      expect(house.asked.size).toBe(1);

      await moveRef('heads/main', 2);
      await askedFor(2);
      const late = await deliver(2);
      expect(late).toMatchObject([{}, { type: 'DeliverySkipped', data: { why: 'ALREADY_FOUND' } }, {}]);
      expect(house.asked.size).toBe(2);
    },
    LIMIT_MS,
  );

  it(
    'does not build what is there when continuous build is switched on for it',
    async () => {
      await house.start(INTERVAL_MS);
      await watched();
      await moveRef('heads/more', 1);
      const { tagConfigs } = await present();
      const shape = {
        code_repo_type: 'branch',
        code_repo_type_value: 'more',
        docker_repo_tag: 'more',
        is_active: true,
      };
      const main = { ...shape, code_repo_type_value: 'main', docker_repo_tag: 'latest', id: tagConfigs[0]?.id };
      const paths = {
        build_context_path: '/',
        dockerfile_location: '/',
        build_cache_enabled: true,
        version_tagging: 0,
      };
      const tag_configs = [main, shape].map((config) => ({ ...config, ...paths }));
      const command = { namespace: 'alice', repo_name: 'app', body: { tag_configs }, ifMatch: null };
      const before = await observations();
      await house.send(commandSubjects.changeBuildConfig, command);
      await until(async () => (await observations()) > before, { limitMs: 30_000, what: 'a look' });
      await looked();
      expect(asked()).toEqual([]);
      await moveRef('heads/more', 2);
      await askedFor(1);
      expect(asked()).toMatchObject([{ tag: 'more', code_repo_type_value: 'more', code_commit_id: commitAt(2) }]);
    },
    LIMIT_MS,
  );

  it(
    'tells of what was found by one that died before it could',
    async () => {
      await house.start();
      await house.repository('app', 'OSChina');
      const { configId, configChanges } = await present();
      const handle = commandHandler(house.store, observedRefs, refsCodec);
      for (const index of [0, 1]) {
        const refs = [{ name: 'refs/heads/main', commit: commitAt(index) }];
        const context = { commandId: crypto.randomUUID(), at, actor: 'test', correlationId: 'c-1' };
        const data = { configId, configChanges, refs, at };
        await handle(streams.refs(configId), { type: 'ObserveRefs', data }, context);
      }
      await moveRef('heads/main', 1);
      await house.start(INTERVAL_MS);
      await askedFor(1);
      expect(asked()).toMatchObject([{ code_commit_id: commitAt(1) }]);
    },
    LIMIT_MS,
  );

  it(
    'goes on when a code host was away',
    async () => {
      await house.start(INTERVAL_MS);
      await watched();
      const away = promisify(execFile);
      await away('mv', [code.directory, `${code.directory}.away`]);
      await looked();
      await away('mv', [`${code.directory}.away`, code.directory]);
      await moveRef('heads/main', 1);
      await askedFor(1);
    },
    LIMIT_MS,
  );

  it(
    'leaves repositories alone that have no continuous build, and does nothing unless it is told to',
    async () => {
      await house.start(INTERVAL_MS);
      await house.repository('quiet', 'OSChina', { isActive: false });
      const { state: quiet } = await loadState(
        { store: house.store, decider: repository, codec: repositoryCodec },
        streams.repository('alice', 'quiet'),
      );
      await watched();
      await looked();
      expect(await house.store.read(streams.refs(quiet.phase === 'present' ? quiet.configId : 0))).toEqual([]);
      await house.stop();
      await house.start();
      const before = git.requests.length;
      await moveRef('heads/main', 1);
      await deliver(1);
      const asksToConfirm = 2;
      expect(git.requests.length).toBe(before + asksToConfirm);
    },
    LIMIT_MS,
  );

  it(
    'goes by the interval of the build config, which may be none, also where the service has none',
    async () => {
      await house.start();
      await house.repository('never', 'OSChina', { reconcileIntervalS: 0 });
      await house.repository('usual', 'OSChina');
      await house.repository('app', 'Simple', { reconcileIntervalS: 60 });
      await until(async () => (await observations()) > 0, { limitMs: 30_000, what: 'a look at code at a URL' });
      await house.stop();
      await house.start(INTERVAL_MS);
      await until(async () => (await observations('usual')) > 0, { limitMs: 30_000, what: 'a look as usual' });
      await looked();
      expect(await observations('never')).toBe(0);
    },
    LIMIT_MS,
  );
});
