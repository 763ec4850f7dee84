import { jetstreamManager } from '@nats-io/jetstream';
import { streams, subjects } from '@slipway/contracts';
import { STREAMS } from '@slipway/messaging';
import { outsideTrace, traced, TRACEPARENT_HEADER } from '@slipway/platform';
import { until } from '@slipway/testing';
import { House, ScriptedAgent } from './orchestrator.fixtures.js';

const LIMIT_MS = 60_000;
/** Of a caller. While nothing is exported it is passed on as it came. */
const GIVEN = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
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

const requestedUnder = (from: string): Promise<string> => traced('a caller', { from }, () => house.requested());

/** What the job of a build tells, once it lies in the queue. */
const jobTells = (buildId: string): Promise<string> =>
  until(
    async () => {
      const { streams: queues } = await jetstreamManager(house.nats);
      const message = await queues.getMessage(STREAMS.queue, { last_by_subj: subjects.queue('in', buildId) });
      return message && `tells ${message.header.get(TRACEPARENT_HEADER)}`;
    },
    { limitMs: LIMIT_MS, what: 'the job' },
  );
const keptBeside = async (buildId: string): Promise<readonly (string | undefined)[]> =>
  (await house.store.read(streams.build(buildId))).map(({ metadata }) => metadata.traceparent);

describe('the trace of a caller', () => {
  it(
    'is kept beside the events of the build, and goes on with its job',
    async () => {
      const buildId = await requestedUnder(GIVEN);
      expect(await jobTells(buildId)).toBe(`tells ${GIVEN}`);
      await traced('an agent', { from: GIVEN }, () => new ScriptedAgent(house.nats, buildId).claim());
      expect(await keptBeside(buildId)).toEqual([GIVEN, GIVEN]);
    },
    LIMIT_MS,
  );

  it(
    'is told by jobs that are offered again, by an orchestrator that has just started and after JetStream was wiped',
    async () => {
      const buildId = await requestedUnder(GIVEN);
      await jobTells(buildId);
      await stop();
      await (await jetstreamManager(house.nats)).streams.purge(STREAMS.queue);
      stop = await house.orchestrator();
      expect(await jobTells(buildId)).toBe(`tells ${GIVEN}`);
      await (await jetstreamManager(house.nats)).streams.delete(STREAMS.queue);
      expect(await jobTells(buildId)).toBe(`tells ${GIVEN}`);
    },
    LIMIT_MS,
  );

  it(
    'is of a rebuild its own',
    async () => {
      const originalId = await requestedUnder(GIVEN);
      await new ScriptedAgent(house.nats, originalId).claim();
      const other = GIVEN.replace('0af7', '1bf7');
      const commit = '552819d5c903472a36696e8ac620ac250e49829d';
      const data = { buildId: originalId, attempt: 1, commit, at: '2026-01-02T03:04:05.678Z' };
      const metadata = { at: data.at, actor: 'agent:a1', $correlationId: 'c', $causationId: originalId, version: 1 };
      const resolved = { id: crypto.randomUUID(), type: 'SourceResolved', data, metadata };
      await house.store.append(streams.build(originalId), [resolved], 'any');
      const buildId = crypto.randomUUID();
      await traced('a caller', { from: other }, () => house.rebuild(originalId, buildId));
      expect(await jobTells(buildId)).toBe(`tells ${other}`);
    },
    LIMIT_MS,
  );

  it(
    'is not made up where there is none',
    async () => {
      const buildId = await outsideTrace(() => house.requested());
      expect(await jobTells(buildId)).toBe('tells ');
      expect(await keptBeside(buildId)).toEqual([undefined]);
    },
    LIMIT_MS,
  );
});
