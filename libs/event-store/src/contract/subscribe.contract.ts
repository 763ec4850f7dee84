import { until } from '@slipway/testing';
import type { EventStore, Position, StoredEvent } from '../port.js';
import { collect, eventsOf, isCaughtUp, newEvents, uniqueName } from './port.fixtures.js';

/** What the port promises about following `$all`. */
export function subscribeContract(store: () => EventStore): void {
  /** Where a test begins: nothing before it belongs to it. */
  const here = async (): Promise<Position> => (await store().append(uniqueName('start'), newEvents(1), -1)).position;

  it('delivers history, says that it has caught up, then goes on live', async () => {
    const after = await here();
    const stream = uniqueName();
    await store().append(stream, newEvents(3), -1);
    const items = await collect(store(), { after, prefixes: [stream] }, isCaughtUp);
    expect(eventsOf(items).map(({ revision }) => revision)).toEqual([0, 1, 2]);
    expect(items.filter(({ kind }) => kind === 'caught-up')).toHaveLength(1);

    const live = collect(store(), { after, prefixes: [stream] }, (seen) => eventsOf(seen).length === 5);
    await store().append(stream, newEvents(2), 2);
    const seen = eventsOf(await live);
    expect(seen).toEqual(await store().read(stream));
  });

  it('delivers only streams whose names start with a prefix', async () => {
    const after = await here();
    const [a, b, c] = [uniqueName('a'), uniqueName('b'), uniqueName('c')];
    for (const stream of [a, b, c, a]) await store().append(stream, newEvents(1), 'any');
    const items = await collect(store(), { after, prefixes: [a, c] }, isCaughtUp);
    expect(eventsOf(items).map((event) => event.stream)).toEqual([a, c, a]);
  });

  it('starts after the position it is given', async () => {
    const after = await here();
    const stream = uniqueName();
    await store().append(stream, newEvents(4), -1);
    const [, second] = await store().read(stream);
    const items = await collect(store(), { after: second?.position ?? after, prefixes: [stream] }, isCaughtUp);
    expect(eventsOf(items).map(({ revision }) => revision)).toEqual([2, 3]);
  });

  it('tells how far it has looked when nothing matches', async () => {
    const after = await here();
    const other = uniqueName();
    for (let n = 0; n < 8; n++) await store().append(other, newEvents(100), 'any');
    const [, , , , , , , , first] = await store().read(other, { max: 9 });
    const target = first?.position ?? Infinity;
    const prefixes = [uniqueName('nothing')];
    const looked = (items: Parameters<typeof eventsOf>[0]): boolean =>
      items.some((item) => item.kind === 'checkpoint' && item.position >= target);
    expect(eventsOf(await collect(store(), { after, prefixes }, looked))).toEqual([]);
  }, 15_000);

  it('never tells a checkpoint before the events up to it', async () => {
    const after = await here();
    const [wanted, other] = [uniqueName('wanted'), uniqueName('other')];
    for (let n = 0; n < 10; n++) {
      await store().append(other, newEvents(100), 'any');
      await store().append(wanted, newEvents(100), 'any');
    }
    const items = await collect(store(), { after, prefixes: [wanted] }, isCaughtUp);
    const told = items.flatMap((item) => (item.kind === 'caught-up' ? [] : [item]));
    const positions = told.map((item) => (item.kind === 'event' ? item.event.position : item.position));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(eventsOf(items)).toHaveLength(1_000);
  }, 30_000);

  it('loses and repeats nothing while many write and the reader is slow', async () => {
    const after = await here();
    const prefix = uniqueName();
    const streams = Array.from({ length: 8 }, (_, n) => `${prefix}.${n}`);
    const reading = slowly(store(), { after, prefix, count: 8 * 50 * 3 });
    await Promise.all(
      streams.map(async (stream) => {
        for (let n = 0; n < 50; n++) await store().append(stream, newEvents(3), n * 3 - 1);
      }),
    );
    const seen = await reading;
    for (const stream of streams)
      expect(seen.filter((event) => event.stream === stream)).toEqual(await store().read(stream));
    const positions = seen.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
  }, 30_000);

  it('ends at its signal, waiting or not', async () => {
    const abort = new AbortController();
    const reading = (async () => {
      const kinds: string[] = [];
      const options = { after: await here(), prefixes: [uniqueName()], signal: abort.signal };
      for await (const { kind } of store().subscribeAll(options)) {
        kinds.push(kind);
        if (kind === 'caught-up') setImmediate(() => abort.abort());
      }
      return kinds;
    })();
    expect(await reading).toContain('caught-up');
    const aborted = { after: undefined, prefixes: ['contract-'], signal: AbortSignal.abort() };
    for await (const item of store().subscribeAll(aborted)) throw new Error(`Delivered ${item.kind}`);
  });

  it('refuses to follow nothing', () => {
    const options = { after: undefined, prefixes: [], signal: AbortSignal.abort() };
    expect(() => store().subscribeAll(options)).toThrow(RangeError);
  });
}

/** Reads a first event, leaves the rest waiting until a good part is stored, and then takes one a turn. */
async function slowly(
  store: EventStore,
  { after, prefix, count }: { readonly after: Position; readonly prefix: string; readonly count: number },
): Promise<readonly StoredEvent[]> {
  const seen: StoredEvent[] = [];
  const signal = AbortSignal.timeout(20_000);
  for await (const item of store.subscribeAll({ after, prefixes: [prefix], signal })) {
    if (item.kind !== 'event') continue;
    seen.push(item.event);
    if (seen.length === 1) await until(async () => (await store.read(`${prefix}.0`)).length >= 60, { limitMs: 15_000 });
    if (seen.length === count) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return seen;
}
