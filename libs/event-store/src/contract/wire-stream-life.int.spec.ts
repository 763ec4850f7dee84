import { ANY, BACKWARDS, END, NO_STREAM, STREAM_EXISTS } from '@eventstore/db-client';
import { until } from '@slipway/testing';
import { uniqueName } from './port.fixtures.js';
import { all, errorOf, revisionsOf, wire, wireEvents } from './wire.fixtures.js';

describe('delete of the wire protocol', () => {
  const to = wire();
  const existing = async (count = 3): Promise<string> => {
    const stream = uniqueName();
    await to.client.appendToStream(stream, wireEvents(count), { expectedRevision: NO_STREAM });
    return stream;
  };
  const revisions = async (stream: string) => revisionsOf(await all(to.client.readStream(stream)));

  it('hides a deleted stream', async () => {
    const stream = await existing();
    const { position } = await to.client.deleteStream(stream, { expectedRevision: 2n });
    expect(position?.commit).toBeGreaterThan(0n);
    expect(await errorOf(revisions(stream))).toMatchObject({ type: 'stream-not-found', streamName: stream });
  });

  it.each([[NO_STREAM], [ANY], [2n]] as const)(
    'goes on with the revisions when written again, expecting %s',
    async (expectedRevision) => {
      const stream = await existing();
      await to.client.deleteStream(stream);
      const written = await to.client.appendToStream(stream, wireEvents(2), { expectedRevision });
      expect(written.nextExpectedRevision).toBe(4n);
      expect(await revisions(stream)).toEqual([3, 4]);
      expect(revisionsOf(await all(to.client.readStream(stream, { direction: BACKWARDS, fromRevision: END })))).toEqual(
        [4, 3],
      );
    },
  );

  it('refuses to delete what is not as expected', async () => {
    const stream = await existing();
    const error = await errorOf(to.client.deleteStream(stream, { expectedRevision: 99n }));
    expect(error).toMatchObject({ type: 'wrong-expected-version' });
    expect(await revisions(stream)).toEqual([0, 1, 2]);
  });

  it('tombstones a stream for good', async () => {
    const stream = await existing();
    await to.client.tombstoneStream(stream, { expectedRevision: 2n });
    const gone = { type: 'stream-deleted', streamName: stream };
    expect(await errorOf(revisions(stream))).toMatchObject(gone);
    for (const expectedRevision of [ANY, NO_STREAM, STREAM_EXISTS, 2n] as const)
      expect(await errorOf(to.client.appendToStream(stream, wireEvents(1), { expectedRevision }))).toMatchObject(gone);
    expect(await errorOf(to.client.deleteStream(stream))).toMatchObject(gone);
  });

  it('refuses the Append call on a tombstoned stream as well', async () => {
    const stream = await existing();
    await to.client.tombstoneStream(stream);
    const credentials = { username: 'admin', password: 'changeit' };
    const error = await errorOf(to.client.appendToStream(stream, wireEvents(1), { credentials }));
    expect(error).toMatchObject({ type: 'stream-deleted', streamName: stream });
  });
});

describe('stream metadata of the wire protocol', () => {
  const to = wire();
  const existing = async (count: number): Promise<string> => {
    const stream = uniqueName();
    await to.client.appendToStream(stream, wireEvents(count));
    return stream;
  };
  const revisions = async (stream: string, backwards = false) =>
    revisionsOf(
      await all(
        backwards
          ? to.client.readStream(stream, { direction: BACKWARDS, fromRevision: END })
          : to.client.readStream(stream),
      ),
    );

  it('gives back what was set, its own keys too', async () => {
    const stream = await existing(1);
    await to.client.setStreamMetadata(stream, { maxCount: 7, maxAge: 3_600, colour: 'blue' });
    const { metadata } = await to.client.getStreamMetadata(stream);
    expect(metadata).toEqual({ maxCount: 7, maxAge: 3_600, colour: 'blue' });
    expect(await revisions(`$$${stream}`)).toEqual([0]);
  });

  it('applies $maxCount to reads in both directions, the last setting wins', async () => {
    const stream = await existing(5);
    await to.client.setStreamMetadata(stream, { maxCount: 2 });
    expect(await revisions(stream)).toEqual([3, 4]);
    expect(await revisions(stream, true)).toEqual([4, 3]);
    await to.client.setStreamMetadata(stream, { maxCount: 1 });
    expect(await revisions(stream)).toEqual([4]);
    const next = await to.client.appendToStream(stream, wireEvents(1), { expectedRevision: 4n });
    expect(next.nextExpectedRevision).toBe(5n);
    expect(await revisions(stream)).toEqual([5]);
  });

  it('applies $tb', async () => {
    const stream = await existing(5);
    await to.client.setStreamMetadata(stream, { truncateBefore: 3 });
    expect(await revisions(stream)).toEqual([3, 4]);
    expect(await revisions(stream, true)).toEqual([4, 3]);
  });

  it('applies $maxAge', async () => {
    const stream = await existing(2);
    await to.client.setStreamMetadata(stream, { maxAge: 3_600 });
    expect(await revisions(stream)).toEqual([0, 1]);
    await to.client.setStreamMetadata(stream, { maxAge: 1 });
    // A server may answer an outlived stream with no event or with "not found".
    const left = async (): Promise<number> => (await revisions(stream).catch(() => [])).length;
    await until(async () => (await left()) === 0, { limitMs: 10_000 });
    expect(await to.client.appendToStream(stream, wireEvents(1), { expectedRevision: 1n })).toMatchObject({
      nextExpectedRevision: 2n,
    });
  }, 15_000);

  it('holds for a stream that is written later', async () => {
    const stream = uniqueName();
    await to.client.setStreamMetadata(stream, { maxCount: 1 });
    await to.client.appendToStream(stream, wireEvents(3), { expectedRevision: NO_STREAM });
    expect(await revisions(stream)).toEqual([2]);
  });
});
