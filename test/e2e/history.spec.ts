import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BuildHistoryView, BuildView, ShownBuildView } from '@slipway/contracts';
import { BASE, openHouse, type House } from './lib/house.js';

const LIMIT_MS = 90_000;
const run = promisify(execFile);

describe('a build that ended', () => {
  let house: House;
  let path: string;
  let moveBranch: () => Promise<unknown>;
  let build: BuildView;

  beforeAll(async () => {
    house = await openHouse({ agents: 1 });
    const name = house.freshName('history');
    const Dockerfile = `FROM ${BASE}\nCOPY page /page\n`;
    const { cloneUrl, directory, commits, head } = await house.git.createRepository(
      name,
      { Dockerfile, page: `old ${name}\n` },
      { commits: [{ page: `new ${name}\n` }] },
    );
    moveBranch = () => run('git', ['-C', directory, 'update-ref', 'refs/heads/main', commits[0] ?? '', head]);
    path = `e2e/${name}`;
    await house.api.createRepository(path, { cloneUrl });
    build = await house.api.ended((await house.api.requestBuild(path)).build_id);
    expect(build).toMatchObject({ status: 'S', code_head_commit: head });
  }, LIMIT_MS);
  afterAll(() => house.stop(), LIMIT_MS);

  const history = async (buildId: string): Promise<BuildHistoryView> =>
    BuildHistoryView.parse((await house.api.call(`/v1/builds/${buildId}/events`)).body);

  it('tells what happened to it, and shows itself as it was after each of it', async () => {
    const { events } = await history(build.build_id);
    const steps: number[] = [];
    for (const { number, at } of events) {
      const { body } = await house.api.call(`/v1/builds/${build.build_id}?as_of=${number}`);
      const then = ShownBuildView.parse(body);
      steps.push(then.step_at);
      if (number === events.length - 1) expect(then).toEqual(build);
      else expect(Date.parse(at)).toBeLessThanOrEqual(Date.parse(build.ended_at ?? ''));
    }
    expect(events[0]).toMatchObject({ type: 'BuildRequested', actor: 'user:admin', at: build.created_at });
    expect(events.at(-1)).toMatchObject({ type: 'BuildSucceeded', actor: 'agent:agent-1', at: build.ended_at });
    expect(steps).toEqual([...steps].sort((left, right) => left - right));
    expect(steps[0]).toBe(1);
  });

  it(
    'is built again from the same commit, though its branch has moved, and once under one key',
    async () => {
      await moveBranch();
      const rebuild = () =>
        house.api.call(`/v1/builds/${build.build_id}/rebuild`, {
          method: 'POST',
          body: '{}',
          headers: { ...house.api.authorization, 'content-type': 'application/json', 'idempotency-key': path },
        });
      const answers = await Promise.all([rebuild(), rebuild(), rebuild()]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
      const again = await house.api.ended(BuildView.parse(answers[0]?.body).build_id);
      expect(again).toMatchObject({ status: 'S', code_head_commit: build.code_head_commit });
      expect((await rebuild()).body).toEqual(answers[0]?.body);
      const [namespace, repoName] = path.split('/');
      const { count } = await house.api.builds(
        `namespace=${namespace}&repo_name=${repoName}&status=S&code_head_commit=${build.code_head_commit}`,
      );
      expect(count).toBe(2);
    },
    LIMIT_MS,
  );
});
