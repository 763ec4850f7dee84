import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildView } from '@slipway/contracts';
import { startHangingServer, until } from '@slipway/testing';
import { imagesNamed } from './lib/engine.js';
import { BASE, openHouse, type House } from './lib/house.js';
import type { SentEvent } from './lib/sent-events.js';

const LIMIT_MS = 90_000;
/** To stop a build that would run for an hour, ms. */
const STOP_LIMIT_MS = 10_000;

describe('a build that is cancelled', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ agents: 1 });
  }, LIMIT_MS);
  afterAll(() => house.stop(), LIMIT_MS);

  const requested = async (cloneUrl: string, buildNode = 'in'): Promise<BuildView> => {
    const path = `e2e/${house.freshName('cancel')}`;
    await house.api.createRepository(path, { cloneUrl, buildNode });
    return house.api.requestBuild(path);
  };
  const repositoryWith = async (run: string): Promise<string> => {
    const files = { Dockerfile: `FROM ${BASE}\nRUN ${run}\n` };
    return (await house.git.createRepository(house.freshName('cancel'), files)).cloneUrl;
  };
  const messagesOf = async (buildId: string): Promise<readonly string[]> =>
    (await house.api.log(buildId)).map(({ message }) => message);
  const end = async ({ build_id }: BuildView): Promise<number> =>
    (await house.api.call(`/v1/builds/${build_id}`, { method: 'DELETE' })).status;
  const workspaces = (): readonly string[] =>
    readdirSync(join(house.system.stateDir, 'agents', 'build-agent-1', 'workspaces'));

  /** Ended within a few seconds, nothing published, nothing left of it. */
  const expectGone = async ({ build_id, docker_repo_path }: BuildView): Promise<void> => {
    const build = await house.api.ended(build_id, STOP_LIMIT_MS);
    expect(build).toMatchObject({ status: 'D', state: 'cancelled', tags: [], failure: null, is_removable: true });
    expect(await house.registry.tags(docker_repo_path)).toEqual([]);
    expect(await imagesNamed(house.docker, build_id)).toEqual([]);
    expect(workspaces()).toEqual([]);
    const log = await house.api.log(build_id);
    expect(log).toHaveLength(build.log_lines ?? NaN);
    expect(log.at(-1)).toMatchObject({ message: 'build cancelled by admin', level: 'WARNING' });
  };

  it.each([
    ['sleeps', (seconds: number) => `echo ready; sleep ${seconds}`],
    [
      'will not be told to stop',
      (seconds: number) => `trap "" TERM INT HUP; echo ready; sleep ${seconds}; sleep ${seconds}`,
    ],
  ])(
    'stops within seconds while a step %s, and its followers are told',
    async (_, run) => {
      const seconds = 3_600 + Math.floor(Math.random() * 1_000_000);
      const build = await requested(await repositoryWith(run(seconds)));
      const follower = lastEventOf(house.api.follow(build.build_id));
      await until(async () => (await messagesOf(build.build_id)).includes('ready'), { limitMs: 30_000 });
      await until(() => isRunning(`sleep ${seconds}`)); // else its absence would say nothing
      expect(await end(build)).toBe(202);
      await expectGone(build);
      expect(isRunning(`sleep ${seconds}`)).toBe(false);
      expect(await follower).toMatchObject({ kind: 'end', status: 'D' });
    },
    LIMIT_MS,
  );

  it(
    'stops while its source does not come',
    async () => {
      const hanging = await startHangingServer();
      const build = await requested(`${hanging.url}/any.git`);
      await until(() => hanging.connections() > 0, { limitMs: 30_000 });
      expect(await end(build)).toBe(202);
      await expectGone(build);
      expect(hanging.connections()).toBe(0);
      await hanging.stop();
    },
    LIMIT_MS,
  );

  it(
    'ends at once while it waits, also when twenty do',
    async () => {
      const first = await requested(await repositoryWith('true'), 'cn'); // no agent is there
      const more = Array.from({ length: 19 }, () => house.api.requestBuild(first.docker_repo_path));
      const waiting = [first, ...(await Promise.all(more))];
      expect(await Promise.all(waiting.map(end))).toEqual(waiting.map(() => 204));
      const builds = await Promise.all(waiting.map(({ build_id }) => house.api.build(build_id)));
      for (const build of builds) expect(build).toMatchObject({ status: 'D', state: 'cancelled', attempt: 0 });
    },
    LIMIT_MS,
  );

  it(
    'has one end, published or cancelled, whenever the wish comes',
    async () => {
      const cloneUrl = await repositoryWith('true');
      const phases = ['starting', 'building', 'pushing', 'succeeded'] as const;
      for (const phase of phases) {
        const build = await requested(cloneUrl);
        await house.api.buildWhen(build.build_id, ({ state, ended_at }) => state === phase || ended_at !== null);
        const status = await end(build);
        const ended = await house.api.ended(build.build_id);
        const { body } = await house.api.call(`/v1/builds/${build.build_id}/events`);
        const types = (body as { events: readonly { type: string }[] }).events.map(({ type }) => type);
        const isPublished = (await house.registry.digestOf(build.docker_repo_path, 'latest')) !== undefined;
        expect({ phase, isPublished }).toEqual({ phase, isPublished: ended.state === 'succeeded' });
        expect(types.filter((type) => /^Build(Succeeded|Failed|Cancelled)$/.test(type))).toHaveLength(1);
        expect(types.includes('CancelRequested')).toBe(status === 202);
        expect(ended.state).toBe(status === 202 ? 'cancelled' : 'succeeded');
      }
    },
    LIMIT_MS,
  );
});

async function lastEventOf(events: AsyncIterable<SentEvent>): Promise<SentEvent | undefined> {
  let last: SentEvent | undefined;
  for await (const event of events) last = event;
  return last;
}

/** A process of this machine, in any container. */
const isRunning = (command: string): boolean =>
  readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && commandOf(pid) === command);

function commandOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, '').replaceAll('\0', ' ');
  } catch {
    return undefined; // it has just ended
  }
}
