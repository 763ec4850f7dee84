import { randomUUID } from 'node:crypto';
import { buildCodec, eventIdOf } from '@slipway/event-store';
import { CommandReply, commandSubjects, streams, type BuildEvent } from '@slipway/contracts';
import { request } from '@slipway/messaging';
import { until } from '@slipway/testing';
import { at, createRepository, House, ScriptedAgent, tellRepository } from './orchestrator.fixtures.js';

const LIMIT_MS = 40_000;
const commit = '552819d5c903472a36696e8ac620ac250e49829d';
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

/** Says it past the rules. */
const record = async (buildId: string, events: readonly BuildEvent[]): Promise<void> => {
  const commandId = randomUUID();
  const metadata = { at, actor: 'agent:a1', $correlationId: buildId, $causationId: commandId, version: 1 };
  const stored = events.map(({ type, data }, index) => ({ id: eventIdOf(commandId, index), type, data, metadata }));
  await house.store.append(streams.build(buildId), stored, 'any');
};
const requestedSpec = async (buildId: string) => {
  const [first] = await house.events(buildId);
  return first?.type === 'BuildRequested' ? first.data.spec : undefined;
};

describe('a build of a tag config with a pattern', () => {
  const ask = (buildId: string, body: object) => {
    const command = { namespace: 'alauda', repo_name: 'patterns', buildId, ...body };
    const envelope = { commandId: buildId, actor: 'alice', correlationId: 'c-3', command };
    return request(house.nats, commandSubjects.requestBuild, envelope, { reply: CommandReply });
  };

  it('is of the ref that is named, under the tag that comes out', async () => {
    const plain = createRepository('patterns');
    if (plain.type !== 'CreateRepository') throw new Error('not what it says');
    const rules = plain.data.tagConfigs.map((config) => ({ ...config, refName: 'rel/**', dockerRepoTag: 'rel-{1}' }));
    await tellRepository(house.store, { ...plain, data: { ...plain.data, tagConfigs: rules } });
    const buildId = randomUUID();
    await ask(buildId, { tag: 'rel-{1}', code_repo_type_value: 'rel/1/x' });
    expect(await requestedSpec(buildId)).toMatchObject({
      refType: 'branch',
      refName: 'rel/1/x',
      dockerRepoTag: 'rel-1-x',
      urls: { ref: 'https://bitbucket.org/alauda/buildtest/branch/rel/1/x' },
    });
    expect((await requestedSpec(buildId))?.trigger).toEqual({ kind: 'api' });
    await expect(ask(randomUUID(), { tag: 'rel-{1}' })).rejects.toMatchObject({ code: 'REF_REQUIRED' });
  });
});

describe('a build that a push asks for', () => {
  it('names the delivery, and is of the commit that was pushed', async () => {
    const trigger = { kind: 'webhook' as const, deliveryId: 'd1' };
    const buildId = randomUUID();
    const body = { namespace: 'alauda', repo_name: 'test', tag: 'latest', code_commit_id: commit, trigger };
    const envelope = { commandId: buildId, actor: 'alice', correlationId: 'c-4', command: { buildId, ...body } };
    await request(house.nats, commandSubjects.requestBuild, envelope, { reply: CommandReply });
    expect(await requestedSpec(buildId)).toMatchObject({ trigger, commit, requestedBy: 'alice' });
  });
});

describe('a rebuild', () => {
  it('has the same frozen inputs and the commit that was resolved', async () => {
    const originalId = await house.requested();
    await new ScriptedAgent(house.nats, originalId).claim();
    await record(originalId, [{ type: 'SourceResolved', data: { buildId: originalId, attempt: 1, commit, at } }]);
    const buildId = randomUUID();
    const { events, position } = await house.rebuild(originalId, buildId);
    expect(events).toMatchObject([{ event: { type: 'BuildRequested', data: { buildId } }, position }]);
    expect(await requestedSpec(buildId)).toEqual({
      ...(await requestedSpec(originalId)),
      commit,
      requestedBy: 'bob',
      trigger: { kind: 'rebuild', buildId: originalId },
    });
  });

  it('is one build, however often it is repeated', async () => {
    const originalId = await house.requested();
    await new ScriptedAgent(house.nats, originalId).claim();
    await record(originalId, [{ type: 'SourceResolved', data: { buildId: originalId, attempt: 1, commit, at } }]);
    const buildId = randomUUID();
    await Promise.all([1, 2, 3].map(() => house.rebuild(originalId, buildId)));
    expect(await house.types(buildId)).toEqual(['BuildRequested']);
  });

  it('of a build without a known commit, or without a trace, is refused', async () => {
    const originalId = await house.requested();
    await expect(house.rebuild(originalId)).rejects.toMatchObject({ code: 'BUILD_COMMIT_UNKNOWN' });
    await expect(house.rebuild(randomUUID())).rejects.toMatchObject({ code: 'BUILD_NOT_FOUND' });
  });
});

describe('the events of a build', () => {
  it('are told with everything that is kept beside them', async () => {
    const buildId = await house.requested();
    await new ScriptedAgent(house.nats, buildId).claim();
    const { events, next } = await house.told(buildId);
    expect(next).toBeNull();
    expect(events).toMatchObject([
      { number: 0, actor: 'user:alice', correlationId: 'c-1', causationId: buildId, event: { type: 'BuildRequested' } },
      { number: 1, actor: 'agent:a1', event: { type: 'AttemptLeased' } },
    ]);
    const stored = await house.store.read(streams.build(buildId));
    expect(events.map(({ position, at: when }) => [position, when])).toEqual(
      stored.map(({ position, metadata }) => [position, metadata.at]),
    );
    expect(events.map(({ event }) => event)).toEqual(stored.map((one) => buildCodec.decode(one)));
  });

  it('come in pages that fit a message', async () => {
    const buildId = await house.requested();
    const steps = Array.from({ length: 1_100 }, (_, index): BuildEvent => {
      const step = { index: index + 1, total: 1_100, name: `[${index}] ${'x'.repeat(600)}`, cached: true };
      return { type: 'StepAdvanced', data: { buildId, attempt: 1, stepAt: 20, phase: 'building', step, at } };
    });
    for (let from = 0; from < steps.length; from += 300) await record(buildId, steps.slice(from, from + 300));
    const numbers: number[] = [];
    let pages = 0;
    for (let from: number | null = 0; from !== null; pages++) {
      const page: Awaited<ReturnType<House['told']>> = await house.told(buildId, from);
      numbers.push(...page.events.map(({ number }) => number));
      from = page.next;
    }
    expect(numbers).toEqual(Array.from({ length: 1_101 }, (_, number) => number));
    expect(pages).toBeGreaterThan(2);
  }, 20_000);

  it('of a build that is not there are none', async () =>
    expect(await house.told(randomUUID())).toEqual({ events: [], next: null }));
});

describe('an idempotency key', () => {
  it(
    'stands for one build, over orchestrators and their restarts',
    async () => {
      const idempotency = { key: 'k', digest: 'a'.repeat(64) };
      const ask = (): Promise<unknown> => house.request(randomUUID(), 'latest', 'test', idempotency);
      const other = await house.orchestrator();
      const answers = await Promise.all([ask(), ask(), ask(), ask()]);
      await Promise.all([stop(), other()]);
      stop = await house.orchestrator();
      answers.push(await until(ask, { limitMs: 10_000, what: 'the new orchestrator' }));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      const reused = house.request(randomUUID(), 'latest', 'test', { ...idempotency, digest: 'b'.repeat(64) });
      await expect(reused).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    },
    LIMIT_MS,
  );
});
