import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { commandSubjects, CommandReply, Control, streams, subjects } from '@slipway/contracts';
import { request, STREAMS } from '@slipway/messaging';
import { until } from '@slipway/testing';
import { House, ScriptedAgent } from './orchestrator.fixtures.js';

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

const end = (buildId: string, wasOpen: boolean): Promise<CommandReply> => {
  const envelope = { commandId: randomUUID(), actor: 'bob', correlationId: 'c-3', command: { buildId, wasOpen } };
  return request(house.nats, commandSubjects.endBuild, envelope, { reply: CommandReply });
};
const cancel = (buildId: string): Promise<CommandReply> => end(buildId, true);
const running = async (): Promise<ScriptedAgent> => {
  const agent = new ScriptedAgent(house.nats, await house.requested());
  await agent.claim();
  return agent;
};
const jobsOf = async (buildId: string): Promise<number> => {
  const manager = await jetstreamManager(house.nats);
  const { state } = await manager.streams.info(STREAMS.queue, { subjects_filter: subjects.queue('in', buildId) });
  return Object.keys(state.subjects ?? {}).length;
};

describe('cancelling a build that waits', () => {
  it('ends it at once, and takes its job from the queue', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => house.requested()));
    await Promise.all(ids.map((id) => house.offered(id)));
    const replies = await Promise.all(ids.map((id) => cancel(id)));
    for (const { events } of replies) expect(events).toMatchObject([{ event: { type: 'BuildCancelled' } }]);
    await until(async () => (await Promise.all(ids.map(jobsOf))).every((jobs) => jobs === 0), { limitMs: 10_000 });
    const [id = ''] = ids;
    expect(await house.types(id)).toEqual(['BuildRequested', 'BuildCancelled']);
    expect(await new ScriptedAgent(house.nats, id).claim()).toEqual({ answer: 'over' });
  }, 30_000);

  it('has one winner against an agent that claims it at the same time', async () => {
    const agents = await Promise.all(
      Array.from({ length: 20 }, async () => new ScriptedAgent(house.nats, await house.requested())),
    );
    const claims = await Promise.all(
      agents.map(async (agent, index) => {
        const both = [() => agent.claim(), () => cancel(agent.lease.buildId)];
        const started = (index % 2 === 0 ? both : both.toReversed()).map((start) => start());
        return (await Promise.all(started)).find((answer) => 'answer' in answer);
      }),
    );
    for (const [index, { lease }] of agents.entries()) {
      const isGranted = claims[index]?.answer === 'granted'; // then it is the agent who ends it
      expect(await house.types(lease.buildId)).toEqual(
        isGranted ? ['BuildRequested', 'AttemptLeased', 'CancelRequested'] : ['BuildRequested', 'BuildCancelled'],
      );
    }
  }, 30_000);

  it('counts the lines of an attempt that was lost', async () => {
    const agent = await running();
    const { buildId } = agent.lease;
    await agent.log(1, 1, 3);
    const next = new ScriptedAgent(house.nats, buildId, 'a2');
    await next.claim(); // the first one does not answer
    await next.log(2, 1, 2);
    await cancel(buildId);
    await next.cancelled(2, 2);
    const chunks = (await house.store.read(streams.buildLog(buildId))).flatMap(({ data }) =>
      data instanceof Uint8Array ? [data.byteLength] : [],
    );
    expect(chunks).toHaveLength(2);
    const log = { logLines: 5, logBytes: chunks.reduce((left, right) => left + right) };
    expect(await house.ended(buildId)).toMatchObject({ type: 'BuildCancelled', data: { attempt: 2, ...log } });
  }, 20_000);
});

describe('cancelling a build that runs', () => {
  it('tells its agent at once, grants no push, and ends when the agent says that it stopped', async () => {
    const agent = await running();
    const { buildId } = agent.lease;
    const heard: unknown[] = [];
    house.nats.subscribe(subjects.control(buildId), { callback: (_, message) => void heard.push(message.json()) });
    await house.nats.flush();
    expect((await cancel(buildId)).events).toMatchObject([{ event: { type: 'CancelRequested', data: { by: 'bob' } } }]);
    await until(() => heard.length > 0);
    expect(Control.parse(heard[0])).toEqual({ type: 'look' });
    expect(await agent.renew()).toEqual({ lease: 'cancelled', by: 'bob' });
    await expect(agent.publish()).rejects.toMatchObject({ code: 'BUILD_CANCELLING' });
    await agent.log(1, 1, 2);
    await agent.cancelled(1, 2);
    expect(await house.ended(buildId)).toMatchObject({ data: { attempt: 1, by: 'bob', logLines: 2 } });
    expect(await agent.renew()).toEqual({ lease: 'over' });
    expect(await house.types(buildId)).toEqual([
      'BuildRequested',
      'AttemptLeased',
      'CancelRequested',
      'BuildCancelled',
    ]);
  }, 20_000);

  it('ends it as cancelled when the agent reports a failure instead', async () => {
    const agent = await running();
    await cancel(agent.lease.buildId);
    await agent.fail(1, 0);
    expect(await house.ended(agent.lease.buildId)).toMatchObject({ type: 'BuildCancelled' });
  }, 20_000);

  it('ends it when the agent is lost and another one takes the job', async () => {
    const { lease } = await running();
    await cancel(lease.buildId);
    expect(await new ScriptedAgent(house.nats, lease.buildId, 'a2').claim()).toEqual({ answer: 'over' });
    expect((await house.types(lease.buildId)).slice(-2)).toEqual(['AttemptLost', 'BuildCancelled']);
  }, 20_000);

  it('has one winner against an end that comes at the same time', async () => {
    const agents = await Promise.all(Array.from({ length: 10 }, running));
    await Promise.all(agents.flatMap((agent) => [agent.fail(1, 0), cancel(agent.lease.buildId)]));
    for (const { lease } of agents) {
      const { type } = await house.ended(lease.buildId);
      const types = await house.types(lease.buildId);
      expect(types.filter((name) => /^Build(Failed|Cancelled)$/.test(name))).toHaveLength(1);
      expect(types.includes('CancelRequested')).toBe(type === 'BuildCancelled');
    }
  }, 30_000);

  it('comes too late while its image is published', async () => {
    const agent = await running();
    await agent.publish();
    await expect(cancel(agent.lease.buildId)).rejects.toMatchObject({ code: 'BUILD_PUBLISHING' });
  }, 20_000);
});

describe('removing a build', () => {
  it('that has ended is recorded once; one that ended while it was to be cancelled stays', async () => {
    const agent = await running();
    const { buildId } = agent.lease;
    await agent.fail(1, 0);
    await house.ended(buildId);
    expect((await cancel(buildId)).events).toMatchObject([{ event: { type: 'BuildFailed' } }]);
    await end(buildId, false);
    await end(buildId, false);
    expect((await house.types(buildId)).slice(2)).toEqual(['BuildFailed', 'BuildRemoved']);
  }, 20_000);
});
