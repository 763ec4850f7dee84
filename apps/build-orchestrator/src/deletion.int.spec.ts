import { randomUUID } from 'node:crypto';
import { commandSubjects, OpenBuildsReply, streams, type BuildSpec } from '@slipway/contracts';
import type { RepositoryCommand } from '@slipway/domain';
import { buildCodec, commandHandler } from '@slipway/event-store';
import { request } from '@slipway/messaging';
import { at, createRepository, House, ScriptedAgent, tellRepository } from './orchestrator.fixtures.js';

const LIMIT_MS = 40_000;
let house: House;
let stop: () => Promise<void>;

beforeAll(async () => {
  house = await House.open();
  stop = await house.orchestrator();
}, LIMIT_MS);
afterAll(async () => {
  await stop();
  await house.close();
}, LIMIT_MS);

const deletionId = randomUUID();
const named = (repoName: string) => ({ namespace: 'alauda', repoName, by: 'alice', at, deletionId });
const begin = (repoName: string): RepositoryCommand => ({ type: 'BeginDeletion', data: named(repoName) });
const finish = (repoName: string, openBuilds: number): RepositoryCommand => ({
  type: 'FinishDeletion',
  data: { ...named(repoName), openBuilds },
});

const created = async (): Promise<string> => {
  const repoName = `r${randomUUID()}`;
  await tellRepository(house.store, createRepository(repoName));
  return repoName;
};
const requested = async (repoName: string): Promise<string> => {
  const buildId = randomUUID();
  await house.request(buildId, 'latest', repoName);
  return buildId;
};
const openBuilds = async (repoName: string, position: number): Promise<number> => {
  const asked = { namespace: 'alauda', repo_name: repoName, position };
  return (await request(house.nats, commandSubjects.openBuilds, asked, { reply: OpenBuildsReply })).open;
};

/** By an orchestrator that read the repository before its deletion began. */
const requestedLate = async (repoName: string, earlier: string): Promise<string> => {
  const [first] = await house.events(earlier);
  if (first?.type !== 'BuildRequested') throw new Error(`${earlier} was not requested`);
  const { spec } = first.data;
  const buildId = randomUUID();
  const asTold = { initial: undefined, decide: () => [told(buildId, { ...spec, repoName })], evolve: () => undefined };
  const context = { commandId: randomUUID(), at, actor: 'user:alice', correlationId: 'c-1' };
  await commandHandler(house.store, asTold, buildCodec)(streams.build(buildId), undefined, context);
  return buildId;
};
const told = (buildId: string, spec: BuildSpec) => ({ type: 'BuildRequested' as const, data: { buildId, spec, at } });

const end = async (buildId: string): Promise<void> => {
  const agent = new ScriptedAgent(house.nats, buildId);
  await agent.claim();
  await agent.fail(1, 0);
  await house.ended(buildId);
};

describe('the open builds of a repository', () => {
  it('are those that wait or run, up to the announced deletion', async () => {
    const [repoName, other] = [await created(), await created()];
    const [waits, runs, ended] = [await requested(repoName), await requested(repoName), await requested(repoName)];
    await new ScriptedAgent(house.nats, runs).claim();
    await end(ended);
    expect(await openBuilds(other, await tellRepository(house.store, begin(other)))).toBe(0);
    const position = await tellRepository(house.store, begin(repoName));
    expect(await openBuilds(repoName, position)).toBe(2);
    await tellRepository(house.store, finish(repoName, 2));
    await end(waits);
    const again = await tellRepository(house.store, begin(repoName));
    expect(await openBuilds(repoName, again)).toBe(1);
  }, 20_000);

  it('are known to an orchestrator that has just started', async () => {
    const repoName = await created();
    await requested(repoName);
    const position = await tellRepository(house.store, begin(repoName));
    await stop();
    stop = await house.orchestrator();
    expect(await openBuilds(repoName, position)).toBe(1);
  }, 20_000);

  it('are not told before everything up to the position was read', async () =>
    await expect(openBuilds('nope', Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' }));
});

describe('while a repository is being deleted', () => {
  it('no build is taken', async () => {
    const repoName = await created();
    await tellRepository(house.store, begin(repoName));
    await expect(requested(repoName)).rejects.toMatchObject({ code: 'REPOSITORY_CLOSING' });
    await tellRepository(house.store, finish(repoName, 0));
    await expect(requested(repoName)).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
  });

  it('a build that was requested before may begin', async () => {
    const repoName = await created();
    const buildId = await requested(repoName);
    await tellRepository(house.store, begin(repoName));
    expect(await new ScriptedAgent(house.nats, buildId).claim()).toMatchObject({ answer: 'granted' });
  });

  it('a build that slipped in waits for the decision, and begins when the repository stays', async () => {
    const repoName = await created();
    const earlier = await requested(repoName);
    await end(earlier);
    await tellRepository(house.store, begin(repoName));
    const late = new ScriptedAgent(house.nats, await requestedLate(repoName, earlier));
    await expect(late.claim()).rejects.toMatchObject({ code: 'REPOSITORY_CLOSING' });
    await tellRepository(house.store, finish(repoName, 1));
    expect(await late.claim()).toMatchObject({ answer: 'granted', attempt: 1 });
  }, 20_000);

  it('a build that slipped in ends with the repository, also when there is a new one of the same name', async () => {
    const repoName = await created();
    const earlier = await requested(repoName);
    await end(earlier);
    await tellRepository(house.store, begin(repoName));
    const [first, second] = [await requestedLate(repoName, earlier), await requestedLate(repoName, earlier)];
    await tellRepository(house.store, finish(repoName, 0));
    expect(await new ScriptedAgent(house.nats, first).claim()).toEqual({ answer: 'over' });
    expect(await new ScriptedAgent(house.nats, first).claim()).toEqual({ answer: 'over' });
    expect(await house.types(first)).toEqual(['BuildRequested', 'BuildFailed']);
    expect(await house.ended(first)).toMatchObject({ data: { attempt: 0, failure: { code: 'REPOSITORY_DELETED' } } });

    const again = createRepository(repoName);
    await tellRepository(house.store, { ...again, data: { ...again.data, configId: 9 } } as RepositoryCommand);
    expect(await new ScriptedAgent(house.nats, second).claim()).toEqual({ answer: 'over' });
    expect(await house.ended(second)).toMatchObject({ data: { failure: { code: 'REPOSITORY_DELETED' } } });
  }, 20_000);
});
