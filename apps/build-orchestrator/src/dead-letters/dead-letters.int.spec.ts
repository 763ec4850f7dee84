import { randomUUID } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import {
  commandSubjects,
  DeadLetterDetail,
  DeadLetterListReply,
  DeadLetterReplay,
  encodeLogChunk,
  MAX_LINE_BYTES,
  querySubjects,
  subjects,
} from '@slipway/contracts';
import { request, STREAMS } from '@slipway/messaging';
import { until } from '@slipway/testing';
import { z } from 'zod';
import { at, House, ScriptedAgent } from '../orchestrator.fixtures.js';

const LIMIT = { limitMs: 30_000 };
let house: House;
let stop: () => Promise<void>;

beforeAll(async () => {
  house = await House.open();
  stop = await house.orchestrator({ ACK_WAIT_MS: '5000' });
}, 40_000);
afterAll(async () => {
  await stop();
  await house.close();
}, 40_000);

async function claimed() {
  const buildId = await house.requested();
  const message = await house.jobOf(buildId);
  const agent = new ScriptedAgent(house.nats, buildId);
  expect(await agent.claim()).toMatchObject({ answer: 'granted', attempt: 1 });
  return { buildId, agent, ack: () => message.ack() };
}

const listed = () => request(house.nats, querySubjects.deadLetters, { page: 1 }, { reply: DeadLetterListReply });
const letterOn = (subject: string) =>
  until(async () => (await listed()).letters.find((letter) => letter.subject === subject), LIMIT);

describe('what an orchestrator cannot take in', () => {
  it('is set aside while the build goes on to its end, is told of, replayed and removed', async () => {
    const { buildId, agent, ack } = await claimed();
    const report = subjects.event(buildId, 'step-advanced');
    await agent.log(1, 1, 2);
    await agent.logBytes({ firstLine: 3, lines: 1 }, new Uint8Array([1, 2, 3]));
    await jetstream(house.nats).publish(report, JSON.stringify({ type: 'from the future', buildId }));
    await agent.log(1, 3, 2);
    await agent.publish();
    await agent.succeed(1, 4);
    expect(await house.ended(buildId)).toMatchObject({ type: 'BuildSucceeded', data: { logLines: 4 } });
    ack();

    const [ofReport, ofLog] = [await letterOn(report), await letterOn(subjects.log(buildId))];
    expect(ofReport).toMatchObject({ stream: STREAMS.events, error: { code: 'MESSAGE_INVALID' }, is_whole: true });
    expect(ofLog).toMatchObject({ stream: STREAMS.logs, bytes: 3 });
    const asked = { id: ofReport.id, by: 'root' };
    const shown = await request(house.nats, querySubjects.deadLetter, { id: ofReport.id }, { reply: DeadLetterDetail });
    expect(JSON.parse(shown.body)).toMatchObject({ type: 'from the future' });

    const { count } = await listed();
    const replay = await request(house.nats, commandSubjects.replayDeadLetter, asked, { reply: DeadLetterReplay });
    expect(replay).toMatchObject({ id: ofReport.id, subject: report, stream: STREAMS.events });
    expect((await letterOn(report)).id).toBeGreaterThan(ofReport.id); // nobody can take it in now either
    expect((await listed()).count).toBe(count);
    await request(house.nats, commandSubjects.removeDeadLetter, { ...asked, id: ofLog.id }, { reply: z.unknown() });
    expect((await listed()).count).toBe(count - 1);
  }, 60_000);

  it('takes its attempt along when it is the last report: the next one goes on, and the reason is told', async () => {
    const { buildId, agent, ack } = await claimed();
    await agent.succeed(1, 0); // though nothing was pushed
    await letterOn(subjects.event(buildId, 'ended'));
    const lost = await until(
      async () => (await house.events(buildId)).find(({ type }) => type === 'AttemptLost'),
      LIMIT,
    );
    expect(lost).toMatchObject({
      data: { attempt: 1, why: expect.stringContaining('success without a recorded push') },
    });
    expect(await agent.renew()).toEqual({ lease: 'stale' });
    ack();
    const next = new ScriptedAgent(house.nats, buildId, 'a2');
    expect(await next.claim()).toMatchObject({ answer: 'granted', attempt: 2 });
    await next.publish();
    await next.succeed(2, 0);
    expect(await house.ended(buildId)).toMatchObject({ type: 'BuildSucceeded', data: { attempt: 2 } });
  }, 60_000);

  it('takes its attempt along also when the orchestrator does not know what it says', async () => {
    const { buildId, agent } = await claimed();
    const outcome = { status: 'failed', failure: { code: 'FROM_THE_FUTURE', message: 'new' } };
    const report = { ...agent.lease, type: 'ended', reportId: randomUUID(), attempt: 1, at, outcome, logLines: 0 };
    await jetstream(house.nats).publish(subjects.event(buildId, 'ended'), JSON.stringify(report));
    const lost = await until(
      async () => (await house.events(buildId)).find(({ type }) => type === 'AttemptLost'),
      LIMIT,
    );
    expect(lost).toMatchObject({ data: { why: expect.stringContaining('MESSAGE_INVALID') } });
    const stranger = { ...report, leaseId: randomUUID(), attempt: 2 }; // whoever has no lease ends nothing
    const next = new ScriptedAgent(house.nats, buildId, 'a2');
    expect(await next.claim()).toMatchObject({ answer: 'granted', attempt: 2 });
    await jetstream(house.nats).publish(subjects.event(buildId, 'ended'), JSON.stringify(stranger));
    await next.publish();
    await next.succeed(2, 0);
    expect(await house.ended(buildId)).toMatchObject({ type: 'BuildSucceeded', data: { attempt: 2 } });
  }, 60_000);

  it('includes a line that no agent would let through, however well it is packed', async () => {
    const { buildId, agent, ack } = await claimed();
    const line = { time: 1_000, level: 'INFO' as const, message: 'x'.repeat(10_000_000) };
    const chunk = encodeLogChunk([line]);
    expect(chunk.byteLength).toBeLessThan(MAX_LINE_BYTES);
    await agent.logBytes({ firstLine: 1, lines: 1 }, chunk);
    await agent.log(1, 1, 1);
    await agent.fail(1, 1);
    expect(await house.ended(buildId)).toMatchObject({ type: 'BuildFailed', data: { logLines: 1 } });
    expect((await letterOn(subjects.log(buildId))).error.message).toContain('a line of more than');
    ack();
  }, 60_000);
});

it('lines of an attempt that never began hold nobody up', async () => {
  const { buildId, agent, ack } = await claimed();
  await agent.log(99, 1, 1);
  await agent.log(1, 1, 2);
  await agent.fail(1, 2);
  expect(await house.ended(buildId)).toMatchObject({ type: 'BuildFailed', data: { logLines: 2 } });
  ack();
}, 60_000);
