import type { BuildView } from '@slipway/contracts';
import { until } from '@slipway/testing';
import { natsServersOf } from './lib/cluster.js';
import { BASE, openHouse, type House } from './lib/house.js';
import type { SentEvent } from './lib/sent-events.js';

const LIMIT_MS = 120_000;
const TICK_MS = 50;
/** How long a build is left to an agent that says nothing, ms. */
const ACK_WAIT_MS = 3_000;

/** A build that says something all the time; its steps cannot come from the cache. */
const ticking = (name: string, ticks: number): string =>
  `FROM ${BASE}\nRUN : ${name}; for i in $(seq ${ticks}); do echo tick $i; sleep ${TICK_MS / 1_000}; done\n`;

/** Every tick of one attempt. */
const ticks = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `tick ${index + 1}`);
const ticksOf = (messages: readonly string[]): readonly string[] => messages.filter((line) => /^tick \d+$/.test(line));

describe('a build goes on', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ agents: 2, env: { '*': { ACK_WAIT_MS: String(ACK_WAIT_MS) } }, keepsNats: true });
  }, LIMIT_MS);
  afterAll(() => house.stop(), LIMIT_MS);

  const repositoryOf = async (count: number): Promise<string> => {
    const name = house.freshName('faults');
    const { cloneUrl } = await house.git.createRepository(name, { Dockerfile: ticking(name, count) });
    await house.api.createRepository(`e2e/${name}`, { cloneUrl });
    return `e2e/${name}`;
  };
  /** Requested, and so far that its first ticks can be read. */
  const running = async (count: number): Promise<BuildView> => {
    const { build_id } = await house.api.requestBuild(await repositoryOf(count));
    await until(async () => ticksOf(await messagesOf(build_id)).length >= 5, {
      limitMs: 30_000,
      what: 'the first ticks',
    });
    return house.api.build(build_id);
  };
  const messagesOf = async (buildId: string): Promise<readonly string[]> =>
    (await house.api.log(buildId)).map(({ message }) => message);

  it(
    'on the other agent when its own is killed: attempt 2 succeeds, and the log tells both',
    async () => {
      const before = await running(120);
      expect(before).toMatchObject({ status: 'I', state: 'building', attempt: 1 });
      const lost = `build-${before.agent}`;
      await house.system.kill(lost);
      const build = await house.api.ended(before.build_id);
      expect(build).toMatchObject({ status: 'S', attempt: 2, digest: expect.any(String) });
      expect(build.agent).not.toBe(before.agent);
      expect(await house.registry.digestOf(build.docker_repo_path, 'latest')).toBe(build.digest);

      const messages = await messagesOf(build.build_id);
      expect(messages).toHaveLength(build.log_lines ?? NaN);
      const second = messages.lastIndexOf('starting to build');
      const [ofFirst, ofSecond] = [messages.slice(0, second), messages.slice(second)].map(ticksOf);
      expect(ofFirst).toEqual(ticks(ofFirst?.length ?? 0)); // as far as it came, without a gap
      expect(ofSecond).toEqual(ticks(120));
      await house.system.restart(lost);
    },
    LIMIT_MS,
  );

  it(
    'while orchestrator, projections and gateway are killed and come back, and nobody misses a line',
    async () => {
      const { build_id: id } = await running(300);
      const seen: SentEvent[] = [];
      const follower = followThrough(house, id, seen);
      for (const service of ['build-orchestrator', 'projections', 'gateway']) {
        await house.system.kill(service);
        await house.system.restart(service);
      }
      await follower;
      const build = await house.api.ended(id);
      expect(build.status).toBe('S');
      const messages = await messagesOf(id);
      expect(messages).toHaveLength(build.log_lines ?? NaN);
      const last = messages.lastIndexOf('starting to build');
      expect(ticksOf(messages.slice(last))).toEqual(ticks(300));
      const lines = seen.flatMap((event) => (event.kind === 'line' ? [event] : []));
      expect(lines.map((line) => line.id)).toEqual(messages.map((_, index) => index + 1));
      expect(lines.map(({ message }) => message)).toEqual(messages);
    },
    LIMIT_MS,
  );

  it(
    'and is taken again when nats-server is back; until then a request for one is told to come later',
    async () => {
      const path = await repositoryOf(1);
      const [namespace, repo_name] = path.split('/');
      const body = JSON.stringify({ namespace, repo_name, tag: 'latest' });
      const { build_id: running_id } = await running(60);
      for (const server of natsServersOf(house.system)) await house.system.kill(server);
      const refused = await until(
        async () => {
          const answer = await house.api.call('/v1/builds', { method: 'POST', body });
          return answer.status === 503 ? answer : undefined;
        },
        { limitMs: 10_000, what: 'the refusal' },
      );
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.body).toMatchObject({ errors: [{ code: 'service_unavailable' }] });
      expect((await house.api.build(running_id)).build_id).toBe(running_id); // reading goes on
      await Promise.all(natsServersOf(house.system).map((server) => house.system.restart(server)));
      const accepted = await until(
        async () => {
          const answer = await house.api.call('/v1/builds', { method: 'POST', body });
          return answer.status === 201 ? (answer.body as BuildView) : undefined;
        },
        { limitMs: 20_000, what: 'the request' },
      );
      expect(await house.api.ended(accepted.build_id)).toMatchObject({ status: 'S' });
      const survivor = await house.api.ended(running_id);
      expect(survivor.status).toBe('S');
      const messages = await messagesOf(running_id);
      expect(ticksOf(messages.slice(messages.lastIndexOf('starting to build')))).toEqual(ticks(60));
      expect((await house.api.builds(`namespace=e2e&repo_name=${repo_name}`)).count).toBe(1); // the refused were not done
    },
    LIMIT_MS,
  );
});

/** Follows as a browser does: when the connection breaks, it comes back and resumes after the last line it has. */
async function followThrough(house: House, buildId: string, seen: SentEvent[]): Promise<void> {
  let last: number | undefined;
  await until(
    async () => {
      for await (const event of house.api.follow(buildId, last)) {
        seen.push(event);
        if (event.kind === 'line') last = event.id;
      }
      return seen.at(-1)?.kind === 'end';
    },
    { limitMs: 60_000, what: 'the end of the log' },
  );
}
