import { ANY, binaryEvent, NO_STREAM, STREAM_EXISTS, type AppendExpectedRevision } from '@eventstore/db-client';
import { uniqueName } from './port.fixtures.js';
import { all, errorOf, revisionsOf, wire, wireEvent, wireEvents } from './wire.fixtures.js';

const KB = 1024;
/** With credentials on the call the client uses the Append call, else BatchAppend. */
const CALLS = [
  ['BatchAppend', {}],
  ['Append', { credentials: { username: 'admin', password: 'changeit' } }],
] as const;

describe.each(CALLS)('%s of the wire protocol', (_, options) => {
  const to = wire();
  const append = (stream: string, count: number, expectedRevision: AppendExpectedRevision) =>
    to.client.appendToStream(stream, wireEvents(count), { expectedRevision, ...options });

  it('accepts every expected revision that is true', async () => {
    const stream = uniqueName();
    expect(await append(stream, 1, NO_STREAM)).toMatchObject({ success: true, nextExpectedRevision: 0n });
    expect(await append(stream, 2, 0n)).toMatchObject({ nextExpectedRevision: 2n });
    expect(await append(stream, 1, STREAM_EXISTS)).toMatchObject({ nextExpectedRevision: 3n });
    const last = await append(stream, 1, ANY);
    expect(last.nextExpectedRevision).toBe(4n);
    const [newest] = await all(to.client.readStream(stream, { fromRevision: 4n }));
    expect(newest?.event?.position).toEqual(last.position);
  });

  it('answers WrongExpectedVersion with what was expected and what is', async () => {
    const [missing, existing] = [uniqueName(), uniqueName()];
    await append(existing, 3, NO_STREAM);
    const refusals: [string, AppendExpectedRevision, unknown][] = [
      [existing, NO_STREAM, 2n],
      [existing, 0n, 2n],
      [existing, 7n, 2n],
      [missing, 0n, 'no_stream'],
      [missing, STREAM_EXISTS, 'no_stream'],
    ];
    for (const [streamName, expectedVersion, actualVersion] of refusals) {
      const error = await errorOf(append(streamName, 1, expectedVersion));
      expect(error).toMatchObject({ type: 'wrong-expected-version', streamName, expectedVersion, actualVersion });
    }
    expect(revisionsOf(await all(to.client.readStream(existing)))).toEqual([0, 1, 2]);
  });

  it.each<[AppendExpectedRevision]>([[NO_STREAM], [1n], [ANY], [STREAM_EXISTS]])(
    'is idempotent by event ids, expecting %s',
    async (expectedRevision) => {
      const stream = uniqueName();
      if (expectedRevision !== NO_STREAM) await append(stream, 2, NO_STREAM);
      const events = wireEvents(3);
      const send = () => to.client.appendToStream(stream, events, { expectedRevision, ...options });
      const first = await send();
      await append(stream, 1, ANY);
      expect((await send()).nextExpectedRevision).toBe(first.nextExpectedRevision);
      expect(await all(to.client.readStream(stream))).toHaveLength(Number(first.nextExpectedRevision) + 2);
    },
  );

  it('refuses a repeated append that goes on differently, and appends none of it', async () => {
    const stream = uniqueName();
    const events = wireEvents(2);
    await to.client.appendToStream(stream, events, { expectedRevision: NO_STREAM, ...options });
    for (const expectedRevision of [NO_STREAM, ANY] as const) {
      const more = [...events, wireEvent(9)];
      const error = await errorOf(to.client.appendToStream(stream, more, { expectedRevision, ...options }));
      expect(error['type']).toBe('wrong-expected-version');
    }
    expect(await all(to.client.readStream(stream))).toHaveLength(2);
  });

  it('takes the same id in another stream for another event', async () => {
    const event = wireEvent();
    for (const stream of [uniqueName(), uniqueName()]) {
      await to.client.appendToStream(stream, event, options);
      expect(await all(to.client.readStream(stream))).toHaveLength(1);
    }
  });

  it('limits an append to 1 MiB, all events together, and appends none of it', async () => {
    const stream = uniqueName();
    const part = () => binaryEvent({ type: 'part', data: new Uint8Array(300 * KB) });
    const error = await errorOf(to.client.appendToStream(stream, [part(), part(), part(), part()], options));
    expect(error).toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: KB * KB });
    expect(await errorOf(all(to.client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
    await to.client.appendToStream(stream, [part(), part(), part()], options);
    expect(await all(to.client.readStream(stream))).toHaveLength(3);
  });

  it('gives events back as they were', async () => {
    const stream = uniqueName('ünïcode €😀');
    const json = wireEvent(1, 'Typ-ü');
    const binary = binaryEvent({ type: 'bytes', data: Uint8Array.of(0, 255, 1), metadata: Uint8Array.of(9) });
    await to.client.appendToStream(stream, [json, binary], options);
    const [first, second] = (await all(to.client.readStream(stream))).map(({ event }) => event);
    const { id, type, data, metadata } = json;
    expect(first).toMatchObject({ id, type, data, metadata, isJson: true, streamId: stream, revision: 0n });
    expect(second).toMatchObject({ id: binary.id, isJson: false, revision: 1n });
    expect(Buffer.from(second?.data as Uint8Array)).toEqual(Buffer.of(0, 255, 1));
    expect(Buffer.from(second?.metadata as Uint8Array)).toEqual(Buffer.of(9));
    expect(Math.abs((first?.created.getTime() ?? 0) - Date.now())).toBeLessThan(5 * 60_000);
  });

  it('gives one of many writers the revision', async () => {
    const stream = uniqueName();
    const outcomes = await Promise.allSettled(Array.from({ length: 16 }, () => append(stream, 1, NO_STREAM)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await all(to.client.readStream(stream))).toHaveLength(1);
  });

  it('answers each of many appends in flight', async () => {
    const streams = Array.from({ length: 64 }, () => uniqueName());
    const results = await Promise.all(streams.map((stream, n) => append(stream, n + 1, NO_STREAM)));
    expect(results.map(({ nextExpectedRevision }) => Number(nextExpectedRevision))).toEqual(streams.map((_s, n) => n));
  });
});

describe('BatchAppend of the wire protocol, in parts', () => {
  const to = wire();

  it('appends all parts at once', async () => {
    const stream = uniqueName();
    const events = wireEvents(50);
    await to.client.appendToStream(stream, events, { batchAppendSize: 500, expectedRevision: NO_STREAM });
    expect(revisionsOf(await all(to.client.readStream(stream)))).toEqual(events.map((_, n) => n));
  });

  it('appends none of the parts of a refused append', async () => {
    const stream = uniqueName();
    const parts = Array.from({ length: 5 }, () => binaryEvent({ type: 'part', data: new Uint8Array(300 * KB) }));
    const error = await errorOf(to.client.appendToStream(stream, parts, { batchAppendSize: 310 * KB }));
    expect(error['type']).toBe('maximum-append-size-exceeded');
    expect(await errorOf(all(to.client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
    await to.client.appendToStream(stream, wireEvents(1), { expectedRevision: NO_STREAM });
  });
});
