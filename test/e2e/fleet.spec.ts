import type { BuildView } from '@slipway/contracts';
import { pullAndRun } from './lib/engine.js';
import { BASE, openHouse, type House } from './lib/house.js';

const BUILDS = 20;
const AGENTS = 2;
const SLOTS = 2; // of each agent
const LIMIT_MS = 150_000;

describe('twenty builds at once on two agents', () => {
  let house: House;
  let path: string;
  let commits: readonly string[];
  /** In the order in which they were accepted: the newest last. */
  let builds: readonly BuildView[];

  beforeAll(async () => {
    house = await openHouse({ agents: AGENTS, env: { 'build-agent': { AGENT_SLOTS: String(SLOTS) } } });
    const name = house.freshName('fleet');
    path = `e2e/${name}`;
    const numbered = Array.from({ length: BUILDS }, (_, index) => ({ number: `${name} ${index}` }));
    const [first = { number: '' }, ...later] = numbered;
    const Dockerfile = `FROM ${BASE}\nCOPY number /number\nRUN cat /number\nCMD ["cat", "/number"]\n`;
    const repository = await house.git.createRepository(name, { Dockerfile, ...first }, { commits: later });
    ({ commits } = repository);
    await house.api.createRepository(path, { cloneUrl: repository.cloneUrl }, { version_tagging: 2 });
    const requested = await Promise.all(
      commits.map((commit) => house.api.requestBuild(path, { code_commit_id: commit })),
    );
    await Promise.all(requested.map(({ build_id }) => house.api.ended(build_id, LIMIT_MS)));
    const newestFirst = (await house.api.builds(`namespace=e2e&repo_name=${name}`)).results;
    builds = await Promise.all(newestFirst.toReversed().map(({ build_id }) => house.api.build(build_id)));
  }, LIMIT_MS);
  afterAll(() => house.stop(), LIMIT_MS);

  it('all succeed at the first attempt, each with its own commit', () => {
    expect(builds.map(({ status, attempt }) => [status, attempt])).toEqual(builds.map(() => ['S', 1]));
    expect(builds.map((build) => build.code_head_commit ?? '').toSorted()).toEqual(commits.toSorted());
  });

  it(
    'leave every numbered tag at the image of its commit, and nothing else',
    async () => {
      for (const { code_head_commit: commit, digest, build_id } of builds) {
        expect(await house.registry.digestOf(path, commit ?? '')).toBe(digest);
        expect(await house.registry.digestOf(path, `build-${build_id}`)).toBe(digest);
      }
      expect(new Set(builds.map(({ digest }) => digest)).size).toBe(BUILDS);
      const own = builds.flatMap(({ build_id }) => [`build-${build_id}`, `build-${build_id}.1`]);
      expect((await house.registry.tags(path)).toSorted()).toEqual(['latest', ...commits, ...own].toSorted());
      const name = path.split('/')[1];
      for (const index of [0, BUILDS - 1]) {
        const image = `${house.registry.host}/${path}:${commits[index]}`;
        expect((await pullAndRun(house.docker, image, house.registry.login)).output).toBe(`${name} ${index}`);
      }
    },
    LIMIT_MS,
  );

  it('leave the shared tag at the newest request, whoever ended last', async () => {
    const newest = builds.at(-1);
    expect(await house.registry.digestOf(path, 'latest')).toBe(newest?.digest);
    expect(newest?.tags).toEqual([
      { tag: 'latest', moved: true },
      { tag: newest?.code_head_commit, moved: true },
    ]);
  });

  it('are taken in the order of their requests, by both agents, never more than fit into the slots', () => {
    const started = builds.map(({ started_at }, requested) => ({ requested, started_at: started_at ?? '' }));
    const byStart = started.toSorted((a, b) => a.started_at.localeCompare(b.started_at) || a.requested - b.requested);
    const overtaken = byStart.map(({ requested }, place) => Math.abs(requested - place));
    expect(Math.max(...overtaken)).toBeLessThanOrEqual(AGENTS * SLOTS);
    const taken = [1, 2].map((number) => builds.filter(({ agent }) => agent === `agent-${number}`).length);
    expect(taken[0]! + taken[1]!).toBe(BUILDS);
    expect(Math.min(...taken)).toBeGreaterThanOrEqual(BUILDS / 4);
    for (const agent of ['agent-1', 'agent-2']) expect(mostAtOnce(builds, agent)).toBeLessThanOrEqual(SLOTS);
  });
});

function mostAtOnce(builds: readonly BuildView[], agent: string): number {
  const own = builds.filter((build) => build.agent === agent);
  const runningAt = (at: string): number =>
    own.filter(({ started_at, ended_at }) => (started_at ?? '') <= at && at < (ended_at ?? '')).length;
  return Math.max(...own.map(({ started_at }) => runningAt(started_at ?? '')));
}
