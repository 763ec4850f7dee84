import { randomUUID } from 'node:crypto';
import { querySubjects, QuotaView, streams, type NamespaceQuota } from '@slipway/contracts';
import { namespace, type NamespaceCommand } from '@slipway/domain';
import { commandHandler, namespaceCodec } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { request } from '@slipway/messaging';
import { until } from '@slipway/testing';
import { at, House, ScriptedAgent } from '../orchestrator.fixtures.js';
import { readRelaySnapshot } from '../relay/relay-snapshot.js';

const LIMIT_MS = 60_000;
const MINUTE_MS = 60_000;
/** Early in a month that has 30 days. */
const START = Date.parse('2026-11-02T10:00:00.000Z');

/** Stands until it is moved. */
class HandClock implements Clock {
  #nowMs = START;
  now = (): string => new Date(this.#nowMs).toISOString();
  forward(ms: number): void {
    this.#nowMs += ms;
  }
}

let house: House;
let clock: HandClock;
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  house = await House.open();
  clock = new HandClock();
}, LIMIT_MS);
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await house.close();
}, LIMIT_MS);

const start = async (env: NodeJS.ProcessEnv = {}): Promise<() => Promise<void>> => {
  const stop = await house.orchestrator(env, clock);
  stops.push(stop);
  return stop;
};
const restart = async (env: NodeJS.ProcessEnv = {}): Promise<void> => {
  for (const stop of stops.splice(0)) await stop();
  await start(env);
};
const quota = (position?: number): Promise<QuotaView> =>
  request(house.nats, querySubjects.quota, { namespace: 'alauda', position }, { reply: QuotaView });
const claimed = async (buildId: string): Promise<ScriptedAgent> => {
  const agent = new ScriptedAgent(house.nats, buildId);
  expect(await agent.claim()).toMatchObject({ answer: 'granted' });
  return agent;
};
/** A build of a minute with two lines. Resolves when the orchestrators know that it has ended. */
const ran = async (): Promise<void> => {
  const agent = await claimed(await house.requested());
  await agent.log(1, 1, 2);
  await until(async () => (await quota()).running_builds.used === 1);
  clock.forward(MINUTE_MS);
  await agent.fail(1, 2);
  await house.ended(agent.lease.buildId);
  await until(async () => (await quota()).running_builds.used === 0);
};

/** As an administrator of the system does. Answers the position. */
async function grant(granted: Partial<NamespaceQuota>): Promise<number> {
  const handle = commandHandler(house.store, namespace, namespaceCodec);
  const say = async (command: NamespaceCommand): Promise<number> => {
    const context = { commandId: randomUUID(), at, actor: 'user:root', correlationId: 'c-4' };
    return (await handle(streams.namespace('alauda'), command, context)).position;
  };
  const named = { namespace: 'alauda', by: 'root', at };
  const nothing = { queuedBuilds: null, runningBuilds: null, buildMinutes: null, logBytes: null };
  await say({ type: 'EnsureNamespace', data: named });
  return say({ type: 'SetQuota', data: { ...named, quota: { ...nothing, ...granted } } });
}

describe('the quota of build minutes', () => {
  it(
    'refuses requests once it is used up, until the month is over, and kills nothing',
    async () => {
      await start({ QUOTA_BUILD_MINUTES: '2' });
      await ran();
      const code_commit_id = '552819d5c903472a36696e8ac620ac250e49829d';
      const [runs, waits] = [await claimed(await house.requested({ code_commit_id })), await house.requested()];
      await until(async () => (await quota()).running_builds.used === 1);
      clock.forward(MINUTE_MS);
      const resets_at = '2026-12-01T00:00:00.000Z';
      expect((await quota()).build_minutes).toEqual({ limit: 2, is_overridden: false, used: 2, resets_at });
      const details = { quota: 'build_minutes', limit: 2, retryAfterS: 86_400 };
      await expect(house.requested()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', details });
      await expect(house.rebuild(runs.lease.buildId)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
      expect((await house.request(waits)).events).toMatchObject([{ event: { type: 'BuildRequested' } }]);
      expect(await runs.renew()).toEqual({ lease: 'current' });
      await claimed(waits);

      clock.forward(Date.parse(resets_at) - Date.parse(clock.now()) - 90_000);
      const soon = { quota: 'build_minutes', retryAfterS: 90 };
      await expect(house.requested()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', details: soon });
      clock.forward(90_000);
      await house.requested();
    },
    LIMIT_MS,
  );
});

describe('the quota of log bytes', () => {
  it(
    'refuses requests once logs have taken more, and an administrator may grant more',
    async () => {
      await start({ QUOTA_LOG_BYTES: '1' });
      await ran();
      const { log_bytes } = await quota();
      expect(log_bytes.used).toBeGreaterThan(1);
      const details = { quota: 'log_bytes', limit: 1 };
      await expect(house.requested()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', details });
      const position = await grant({ logBytes: 1_000_000 });
      expect((await quota(position)).log_bytes).toMatchObject({ limit: 1_000_000, is_overridden: true });
      await house.requested();
      expect((await quota(await grant({}))).log_bytes).toMatchObject({ limit: 1, is_overridden: false });
      await expect(house.requested()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    },
    LIMIT_MS,
  );
});

it(
  'counts the same after restarts, with a snapshot and without, and by every orchestrator',
  async () => {
    await start();
    await ran();
    await quota(await grant({ runningBuilds: 1, buildMinutes: 7 }));
    const once = await quota();
    expect(once.build_minutes).toMatchObject({ limit: 7, used: 1 });
    await restart();
    expect(await quota()).toEqual(once);

    await until(async () => (await readRelaySnapshot(house.store))?.granted['alauda'], { what: 'a snapshot' });
    const [runs, waits] = [await claimed(await house.requested()), await house.requested()];
    clock.forward(MINUTE_MS);
    await restart();
    expect((await quota()).build_minutes).toMatchObject({ limit: 7, is_overridden: true, used: 2 });
    expect(await new ScriptedAgent(house.nats, waits).claim()).toEqual({ answer: 'held' });
    clock.forward(MINUTE_MS);
    await runs.fail(1, 0);
    await house.ended(runs.lease.buildId);
    await start();
    for (let asked = 0; asked < 10; asked++)
      await until(async () => {
        const { build_minutes, log_bytes } = await quota();
        return build_minutes.used === 3 && log_bytes.used === once.log_bytes.used;
      });
  },
  LIMIT_MS,
);

it(
  'offers the builds that an administrator grants a place, without anything else happening',
  async () => {
    await start({ QUOTA_RUNNING_BUILDS: '1' });
    const [first, second] = [await house.requested(), await house.requested()];
    await house.offered(first);
    expect(await house.jobs()).toEqual([first]);
    await grant({ runningBuilds: 2 });
    await house.offered(second);
    await Promise.all([claimed(first), claimed(second)]);
  },
  LIMIT_MS,
);
