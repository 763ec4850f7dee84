import { randomUUID } from 'node:crypto';
import type { RepositoryEvent } from '@slipway/contracts';
import { repositoryEvents } from '@slipway/read-model/fixtures';
import { callerWith, type Call } from '../house/client.fixtures.js';
import { serveCommands } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { at, logged, printedSpec } from '../house/told.fixtures.js';

const NAMESPACE = 'alauda';
let house: House;
let anybody: readonly Call[];
let owner: Call;

beforeAll(async () => {
  house = await openHouse();
  serveCommands(house, () => printedSpec());
  owner = callerWith(house.url, await house.tokenOf(NAMESPACE));
  anybody = [callerWith(house.url, undefined), callerWith(house.url, await house.tokenOf('bob'))];
}, 30_000);
afterAll(() => house.stop());

/** What is told of a repository, with another build config, open to everybody or not. */
const repository = (name: string, configId: number, isPublic: boolean): readonly RepositoryEvent[] =>
  repositoryEvents(NAMESPACE, name).map((event): RepositoryEvent => {
    if (event.type === 'RepositoryCreated') return { ...event, data: { ...event.data, isPublic } };
    if (event.type === 'BuildConfigChanged') return { ...event, data: { ...event.data, configId } };
    return event;
  });
const deleted: RepositoryEvent = {
  type: 'RepositoryDeleted',
  data: { deletionId: randomUUID(), deletedBy: NAMESPACE, at },
};
const tell = (name: string, events: readonly RepositoryEvent[]): Promise<void> =>
  house.tell.repository(`${NAMESPACE}.${name}`, events);
const built = async (repoName: string, configId: number): Promise<string> => {
  const buildId = randomUUID();
  const spec = printedSpec({ namespace: NAMESPACE, repoName, configId });
  await house.tell.build(buildId, [
    { type: 'BuildRequested', data: { buildId, spec, at } },
    { type: 'BuildCancelled', data: { buildId, by: NAMESPACE, attempt: 0, logLines: 1, at } },
  ]);
  await house.tell.log(buildId, [logged(buildId, 1, 1)]);
  await house.caughtUp();
  return buildId;
};
const pathsOf = (buildId: string): readonly string[] =>
  ['', '/logs', '/logs/stream', '/events'].map((path) => `/v1/builds/${buildId}${path}`);
const statuses = async (buildId: string): Promise<readonly number[]> => {
  const calls = anybody.flatMap((call) => pathsOf(buildId).map(async (path) => (await call(path)).status));
  return [...new Set(await Promise.all(calls))];
};
const listed = async (call: Call, query: string): Promise<readonly string[]> => {
  const { body } = await call(`/v1/builds?${query}`);
  return (body as { readonly results: readonly { readonly build_id: string }[] }).results.map(({ build_id: id }) => id);
};

describe('the builds of a repository', () => {
  it('are for everybody while it is public', async () => {
    await tell('open', repository('open', 11, true));
    const buildId = await built('open', 11);
    expect(await statuses(buildId)).toEqual([200]);
    await tell('open', [
      {
        type: 'RepositoryDescribed',
        data: { description: '', fullDescription: '', isPublic: false, changedBy: NAMESPACE, at },
      },
    ]);
    await house.caughtUp();
    expect(await statuses(buildId)).toEqual([404]);
  });

  it("are nobody else's when it is private", async () => {
    await tell('closed', repository('closed', 12, false));
    const buildId = await built('closed', 12);
    expect(await statuses(buildId)).toEqual([404]);
    expect((await owner(`/v1/builds/${buildId}`)).status).toBe(200);
  });

  it('stay what they were when a public one takes the name', async () => {
    await tell('again', repository('again', 13, false));
    const secret = await built('again', 13);
    await tell('again', [deleted, ...repository('again', 14, true)]);
    const shown = await built('again', 14);
    expect([await statuses(secret), await statuses(shown)]).toEqual([[404], [200]]);
    const [, bob] = anybody as readonly [Call, Call];
    const query = `namespace=${NAMESPACE}&repo_name=again`;
    expect(await listed(bob, query)).toEqual([shown]);
    expect(await listed(owner, query)).toEqual([shown, secret]);
    expect(await listed(bob, `namespace=${NAMESPACE}`)).toEqual([]);
  });
});
