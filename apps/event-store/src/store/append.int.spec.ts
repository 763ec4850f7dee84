import type { ExpectedRevision, WriteResult } from './events.js';
import { conflictAt, metadataEvent, proposed, STREAM_DELETED, StoreFixture, written } from './store.fixtures.js';

let fixture: StoreFixture;
beforeEach(() => {
  fixture = new StoreFixture();
});
afterEach(() => fixture.remove());

const append = (stream: string, expected: ExpectedRevision, events = [proposed()]): Promise<WriteResult> =>
  fixture.store.append({ stream, expected, events });
const remove = (stream: string, isTombstone: boolean, expected: ExpectedRevision = 'any'): Promise<WriteResult> =>
  fixture.store.delete({ stream, expected, isTombstone });

/** Each makes a stream; all but the first have had the events 0 and 1. */
const STATES = {
  absent: async () => {},
  live: async (stream: string) => {
    await append(stream, 'any', [proposed(), proposed()]);
  },
  'soft-deleted': async (stream: string) => {
    await append(stream, 'any', [proposed(), proposed()]);
    await remove(stream, false);
  },
  tombstoned: async (stream: string) => {
    await append(stream, 'any', [proposed(), proposed()]);
    await remove(stream, true);
  },
};

const EXPECTATIONS: [keyof typeof STATES, ExpectedRevision, unknown][] = [
  ['absent', 'any', written(0)],
  ['absent', 'no_stream', written(0)],
  ['absent', 'stream_exists', conflictAt(-1)],
  ['absent', 0, conflictAt(-1)],
  ['live', 'any', written(2)],
  ['live', 'no_stream', conflictAt(1)],
  ['live', 'stream_exists', written(2)],
  ['live', 0, conflictAt(1)],
  ['live', 1, written(2)],
  ['live', 2, conflictAt(1)],
  ['soft-deleted', 'any', written(2)],
  ['soft-deleted', 'no_stream', written(2)],
  ['soft-deleted', 'stream_exists', STREAM_DELETED],
  ['soft-deleted', 0, conflictAt(1)],
  ['soft-deleted', 1, written(2)],
  ['soft-deleted', 2, conflictAt(1)],
  ['tombstoned', 'any', STREAM_DELETED],
  ['tombstoned', 'no_stream', STREAM_DELETED],
  ['tombstoned', 'stream_exists', STREAM_DELETED],
  ['tombstoned', 1, STREAM_DELETED],
];

describe('append', () => {
  it.each(EXPECTATIONS)('to a stream that is %s, expecting %s', async (state, expected, answer) => {
    await STATES[state]('build-1');
    expect(await append('build-1', expected)).toEqual(answer);
  });

  it.each(EXPECTATIONS)('answers the same after a restart: %s, expecting %s', async (state, expected, answer) => {
    await STATES[state]('build-1');
    fixture.reopen();
    expect(await append('build-1', expected)).toEqual(answer);
  });

  it('takes a stream that has only metadata for existing', async () => {
    await append('$$build-1', 'any', [metadataEvent({ $maxCount: 2 })]);
    expect(await append('build-1', 'stream_exists')).toEqual(written(0));
  });

  it('keeps the old events of a soft-deleted stream gone and the rest of its metadata', async () => {
    await STATES.live('build-1');
    await append('$$build-1', 'any', [metadataEvent({ $tb: 2 ** 63, $maxCount: 5, owner: 'ada' })]);
    expect(fixture.store.view('build-1').state).toBe('absent');
    await append('build-1', 'any');
    expect(fixture.revisions('build-1')).toEqual([2]);
    const meta = fixture.store.view('$$build-1');
    if (meta.state !== 'readable') throw new Error('no metadata');
    const [event] = fixture.store.readStream(meta, { from: 0, direction: 'forwards', limit: 1 }).events;
    expect(JSON.parse(Buffer.from(event?.data ?? []).toString())).toEqual({ $tb: 2, $maxCount: 5, owner: 'ada' });
  });

  it('deletes a stream once', async () => {
    await STATES['soft-deleted']('build-1');
    expect(await remove('build-1', false)).toEqual(STREAM_DELETED);
    expect(await remove('build-1', true)).toEqual(written(2));
    expect(await remove('build-1', true)).toEqual(STREAM_DELETED);
    expect(await append('$$build-1', 'any', [metadataEvent({})])).toEqual(STREAM_DELETED);
  });

  it('refuses to delete what is not as expected', async () => {
    await STATES.live('build-1');
    expect(await remove('build-1', false, 0)).toEqual(conflictAt(1));
    expect(await remove('build-2', true, 'stream_exists')).toEqual(conflictAt(-1));
    expect(fixture.revisions('build-1')).toEqual([0, 1]);
  });
});

describe('an append that is repeated', () => {
  const first = [proposed(), proposed(), proposed()];
  const later = [proposed()];

  it.each<ExpectedRevision>(['any', 'no_stream'])(
    'writes nothing, expecting %s, also after a restart',
    async (expected) => {
      const answer = await append('build-1', expected, first);
      await append('build-1', 'any', later);
      expect(await append('build-1', expected, first)).toEqual(answer);
      fixture.reopen();
      expect(await append('build-1', expected, first)).toEqual(answer);
      expect(fixture.revisions('build-1')).toEqual([0, 1, 2, 3]);
    },
  );

  it('writes nothing, expecting the revision it expected the first time', async () => {
    await append('build-1', 'any', first);
    const answer = await append('build-1', 2, later);
    await append('build-1', 'any');
    expect(await append('build-1', 2, later)).toEqual(answer);
    expect(await append('build-1', 'stream_exists', later)).toEqual(answer);
  });

  it('is a conflict when only its first part is there', async () => {
    await append('build-1', 'any', first.slice(0, 2));
    expect(await append('build-1', 'any', first)).toEqual(conflictAt(1));
    expect(await append('build-1', 'no_stream', first)).toEqual(conflictAt(1));
  });

  it('is new in another stream', async () => {
    await append('build-1', 'any', first);
    expect(await append('build-2', 'any', first)).toEqual(written(2));
    expect(await append('build-3', 'no_stream', first)).toEqual(written(2));
  });

  it('is told apart within the group that is being written', async () => {
    const answers = await Promise.all([append('build-1', 'any', first), append('build-1', 'any', first)]);
    expect(answers[0]).toEqual(answers[1]);
    expect(fixture.groups.length).toBe(1);
    expect(fixture.revisions('build-1')).toEqual([0, 1, 2]);
  });
});
