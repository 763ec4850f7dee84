import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { connectEventStore, type EventStore, type NewEvent, type Position } from '@slipway/event-store';
import { startEventStoreServer } from '@slipway/testing';
import { atLeast, atMost, bench } from './lib/bench.js';
import { peakRssMb } from './lib/memory.js';
import { inParallel, medianOfRounds, percentile, perSecond } from './lib/statistics.js';

/** Fewer for a quick look; the figures then say so in their names. */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 1_000_000);
const CLIENT = '@eventstore/db-client';
const ROUNDS = 5;
const IN_FLIGHT = 64;
const SINGLE_APPENDS = 3_000; // a round
const HUNDREDS = 150; // a round
const READ_EVENTS = 20_000; // a round
const LATENCY_SAMPLES = 400;
const FILL_EVENTS = 200; // an append

const line = 'x'.repeat(250); // with its metadata, about what StepAdvanced weighs
const count = EVENTS.toLocaleString('en-US');

const newEvent = (n: number): NewEvent => ({
  id: randomUUID(),
  type: 'StepAdvanced',
  data: { buildId: 'b-123456', step: n, line },
  metadata: {
    at: '2026-01-01T00:00:00.000Z',
    actor: 'agent:a1',
    $correlationId: randomUUID(),
    $causationId: randomUUID(),
    version: 1,
  },
});
const newEvents = (length: number): readonly NewEvent[] => Array.from({ length }, (_, n) => newEvent(n));

await bench('eventstore', async (b) => {
  const server = await startEventStoreServer();
  const store = connectEventStore({ url: server.url });
  b.version(CLIENT, (createRequire(import.meta.url)(`${CLIENT}/package.json`) as { version: string }).version);
  b.progress('warming up');
  await appendOfOne(store, 'warm');
  await appendHundreds(store, 'warm');
  await fillReadStream(store, 'read-start');
  await readAll(store, 'read-start');

  b.progress('measuring a nearly empty store');
  const appendAtStart = await medianOfRounds(ROUNDS, () => appendOfOne(store, 'start'));
  const hundreds = await medianOfRounds(ROUNDS, () => appendHundreds(store, 'start'));
  const readAtStart = await medianOfRounds(ROUNDS, () => readAll(store, 'read-start'));
  const latencies = await subscriberLatenciesMs(store);

  b.progress(`filling up to ${count} events`);
  await fillUp(store);
  await fillReadStream(store, 'read-end');
  b.progress(`measuring at ${count} events`);
  const appendAtEnd = await medianOfRounds(ROUNDS, () => appendOfOne(store, 'end'));
  const readAtEnd = await medianOfRounds(ROUNDS, () => readAll(store, 'read-end'));

  const rate = { unit: 'events/s' };
  b.metric({ name: 'append of 1, 64 in flight, fsync', value: appendAtStart, ...rate, goal: atLeast(2_000) });
  b.metric({ name: 'append of 100', value: hundreds, ...rate, goal: atLeast(8_000) });
  b.metric({ name: 'read of a stream', value: readAtStart, ...rate, goal: atLeast(14_000) });
  b.metric({ name: 'append to subscriber, p50', value: percentile(latencies, 0.5), unit: 'ms', goal: atMost(5) });
  b.metric({ name: 'append to subscriber, p99', value: percentile(latencies, 0.99), unit: 'ms' });
  // Flat: what is left of the speed. A fifth is what two equal runs differ by on a busy machine.
  const flat = { unit: 'ratio', goal: atLeast(0.8) };
  b.metric({
    name: `append of 1 at ${count} events against at the start`,
    value: appendAtEnd / appendAtStart,
    ...flat,
  });
  b.metric({ name: `read at ${count} events against at the start`, value: readAtEnd / readAtStart, ...flat });
  b.metric({ name: 'server memory, maximum', value: peakRssMb(server.pid), unit: 'MB', goal: atMost(200) });
  await store.close();
  await server.stop();
});

function appendOfOne(store: EventStore, name: string): Promise<number> {
  return perSecond(SINGLE_APPENDS, () =>
    inParallel(IN_FLIGHT, SINGLE_APPENDS, (n) => store.append(`${name}-${n % 200}`, [newEvent(n)], 'any')),
  );
}

function appendHundreds(store: EventStore, name: string): Promise<number> {
  return perSecond(HUNDREDS * 100, () =>
    inParallel(8, HUNDREDS, (n) => store.append(`${name}-hundreds-${n % 20}`, newEvents(100), 'any')),
  );
}

async function fillReadStream(store: EventStore, stream: string): Promise<void> {
  for (let n = 0; n < READ_EVENTS; n += FILL_EVENTS) await store.append(stream, newEvents(FILL_EVENTS), n - 1);
}

function readAll(store: EventStore, stream: string): Promise<number> {
  return perSecond(READ_EVENTS, async () => {
    const { length } = await store.read(stream);
    if (length !== READ_EVENTS) throw new Error(`Read ${length} events of ${READ_EVENTS}`);
  });
}

/** Up to EVENTS in all, in many streams: the newest position is about how many there are. */
async function fillUp(store: EventStore): Promise<void> {
  const { position } = await store.append('fill', newEvents(1), 'any');
  await inParallel(8, Math.max(0, Math.ceil((EVENTS - position) / FILL_EVENTS)), (n) =>
    store.append(`fill-${n % 5_000}`, newEvents(FILL_EVENTS), 'any'),
  );
}

/** From the call of `append` to the event in the hands of a subscriber, one at a time. */
async function subscriberLatenciesMs(store: EventStore): Promise<readonly number[]> {
  const stream = `latency-${randomUUID()}`;
  const { position } = await store.append('latency', newEvents(1), 'any');
  const arrivals = follow(store, stream, position);
  await arrivals.next(); // caught up
  const latencies: number[] = [];
  for (let n = 0; n < LATENCY_SAMPLES; n++) {
    const startedAt = performance.now();
    const [{ value: arrivedAt }] = await Promise.all([arrivals.next(), store.append(stream, [newEvent(n)], 'any')]);
    latencies.push((arrivedAt ?? NaN) - startedAt);
  }
  await arrivals.return();
  return latencies;
}

/** When the subscriber caught up, and then when each event arrived. */
async function* follow(store: EventStore, stream: string, after: Position): AsyncGenerator<number, void, undefined> {
  const { signal } = new AbortController();
  for await (const { kind } of store.subscribeAll({ after, prefixes: [stream], signal }))
    if (kind !== 'checkpoint') yield performance.now();
}
