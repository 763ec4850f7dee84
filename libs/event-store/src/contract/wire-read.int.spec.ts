import { BACKWARDS, END, FORWARDS, START, type AllStreamResolvedEvent } from '@eventstore/db-client';
import { uniqueName } from './port.fixtures.js';
import { all, errorOf, revisionsOf, wire, wireEvents } from './wire.fixtures.js';

describe('stream reads of the wire protocol', () => {
  const to = wire();
  const stream = uniqueName();
  const read = async (options: Parameters<typeof to.client.readStream>[1]) =>
    revisionsOf(await all(to.client.readStream(stream, options)));
  beforeAll(async () => {
    await to.client.appendToStream(stream, wireEvents(10));
  });

  it('go forwards from the start, the end and any revision', async () => {
    expect(await read({ direction: FORWARDS, fromRevision: START })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await read({ direction: FORWARDS, fromRevision: 8n })).toEqual([8, 9]);
    expect(await read({ direction: FORWARDS, fromRevision: 3n, maxCount: 2 })).toEqual([3, 4]);
    expect(await read({ direction: FORWARDS, fromRevision: 10n })).toEqual([]);
    expect(await read({ direction: FORWARDS, fromRevision: END })).toEqual([]);
  });

  it('go backwards from the end, the start and any revision', async () => {
    expect(await read({ direction: BACKWARDS, fromRevision: END, maxCount: 3 })).toEqual([9, 8, 7]);
    expect(await read({ direction: BACKWARDS, fromRevision: 1n })).toEqual([1, 0]);
    expect(await read({ direction: BACKWARDS, fromRevision: START })).toEqual([0]);
    expect(await read({ direction: BACKWARDS, fromRevision: 99n, maxCount: 1 })).toEqual([9]);
  });

  it('answer StreamNotFound for a missing stream', async () => {
    const streamName = uniqueName();
    expect(await errorOf(all(to.client.readStream(streamName)))).toMatchObject({
      type: 'stream-not-found',
      streamName,
    });
  });

  it('hold more than any buffer, and may be left early', async () => {
    const long = uniqueName();
    for (let n = 0; n < 8; n++) await to.client.appendToStream(long, wireEvents(250));
    expect(revisionsOf(await all(to.client.readStream(long)))).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
    for await (const { event } of to.client.readStream(long)) if (event?.revision === 5n) break;
    expect(await all(to.client.readStream(long, { maxCount: 1 }))).toHaveLength(1);
  }, 20_000);
});

describe('reads of $all of the wire protocol', () => {
  const to = wire();

  const own = (events: readonly AllStreamResolvedEvent[], stream: string) =>
    events.filter(({ event }) => event?.streamId === stream).map(({ event }) => Number(event?.revision));

  it('go both ways from a position, which forwards includes and backwards does not', async () => {
    const [before, stream] = [uniqueName(), uniqueName()];
    const { position } = await to.client.appendToStream(before, wireEvents(1));
    if (!position) throw new Error('No position');
    await to.client.appendToStream(stream, wireEvents(3));
    await to.client.appendToStream(stream, wireEvents(1));
    const forwards = await all(to.client.readAll({ fromPosition: position }));
    expect(own(forwards, stream)).toEqual([0, 1, 2, 3]);
    expect(own(forwards, before)).toEqual([0]);
    const third = forwards.find(({ event }) => event?.streamId === stream && event.revision === 2n)?.event?.position;
    if (!third) throw new Error('No position');
    const backwards = to.client.readAll({ direction: BACKWARDS, fromPosition: third, maxCount: 2 });
    expect(own(await all(backwards), stream)).toEqual([1, 0]);
    const newest = to.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 500 });
    expect(own(await all(newest), stream)).toEqual([3, 2, 1, 0]);
  });

  it('begin at the very first event and count', async () => {
    const first = await all(to.client.readAll({ maxCount: 3 }));
    expect(first).toHaveLength(3);
    const positions = first.map(({ event }) => event?.position.commit ?? 0n);
    expect(positions).toEqual([...positions].sort((a, b) => Number(a - b)));
    expect(await all(to.client.readAll({ fromPosition: END }))).toEqual([]);
  });
});
