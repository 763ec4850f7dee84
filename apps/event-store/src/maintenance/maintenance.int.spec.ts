import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { backup } from './backup.js';
import { EventReader } from '../store/event-reader.js';
import { EventStore } from '../store/event-store.js';
import { lowestRevision } from '../store/retention.js';
import { openForReading } from '../store/schema.js';
import { scavenge } from './scavenge.js';
import { metadataEvent, proposed, STREAM_DELETED, StoreFixture, written } from '../store/store.fixtures.js';
import { StreamHeads } from '../store/stream-heads.js';
import { verify } from './verify.js';

let fixture: StoreFixture;
beforeEach(() => {
  fixture = new StoreFixture();
});
afterEach(() => fixture.remove());

const append = async (stream: string, count: number): Promise<void> => {
  for (let index = 0; index < count; index++)
    await fixture.store.append({ stream, expected: 'any', events: [proposed({ data: Buffer.alloc(1_000) })] });
};
const limit = (stream: string, metadata: Record<string, unknown>) =>
  fixture.store.append({ stream: `$$${stream}`, expected: 'any', events: [metadataEvent(metadata)] });
const remove = (stream: string, isTombstone: boolean) => fixture.store.delete({ stream, expected: 'any', isTombstone });

/** Runs while no server has the file. */
function offline<T>(work: () => T): T {
  fixture.store.close();
  try {
    return work();
  } finally {
    fixture.store = new EventStore(fixture.file);
  }
}

describe('retention', () => {
  it('hides what $tb and $maxCount cut off, whichever cuts more', async () => {
    await append('build-1', 6);
    await limit('build-1', { $maxCount: 4 });
    expect(fixture.revisions('build-1')).toEqual([2, 3, 4, 5]);
    await limit('build-1', { $maxCount: 4, $tb: 5 });
    expect(fixture.revisions('build-1')).toEqual([5]);
    await limit('build-1', { $tb: 'nonsense' });
    expect(fixture.revisions('build-1')).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('hides what is older than $maxAge', async () => {
    await append('build-1', 3);
    await limit('build-1', { $maxAge: 60 });
    expect(fixture.revisions('build-1')).toEqual([0, 1, 2]);
    const database = openForReading(fixture.file);
    const head = new StreamHeads(database).find('build-1');
    const inMs = (delay: number) => head && lowestRevision(head, new EventReader(database), Date.now() + delay);
    expect([inMs(30_000), inMs(90_000)]).toEqual([0, 3]);
    database.close();
  });

  it('finds the place of $maxAge among many events', async () => {
    const since = 1_000_000;
    await append('build-1', 9);
    fixture.store.close();
    const database = new DatabaseSync(fixture.file);
    database.exec(`UPDATE event SET created_ms = ${since} + (revision - 5) * 10`);
    expect(new EventReader(database).firstRevisionSince(1, since, { lowest: 0, last: 8 })).toBe(5);
    expect(new EventReader(database).firstRevisionSince(1, since, { lowest: 7, last: 8 })).toBe(7);
    database.close();
    fixture.store = new EventStore(fixture.file);
  });
});

describe('scavenge', () => {
  it('removes what no reader sees and leaves what one does', async () => {
    await append('kept', 3);
    await append('counted', 5);
    await limit('counted', { $maxCount: 3 });
    await limit('counted', { $maxCount: 2 });
    await append('soft-deleted', 4);
    await remove('soft-deleted', false);
    await append('tombstoned', 4);
    await limit('tombstoned', { $maxCount: 1 });
    await remove('tombstoned', true);

    const { events } = offline(() => scavenge(fixture.file));

    expect(events).toBe(3 + 1 + 4 + 4 + 1); // counted, its first metadata, soft-deleted, tombstoned, its metadata
    expect(['kept', 'counted', 'soft-deleted'].map((stream) => fixture.revisions(stream))).toEqual([
      [0, 1, 2],
      [3, 4],
      [],
    ]);
    expect(await fixture.store.append({ stream: 'soft-deleted', expected: 3, events: [proposed()] })).toEqual(
      written(4),
    );
    expect(await fixture.store.append({ stream: 'tombstoned', expected: 'any', events: [proposed()] })).toEqual(
      STREAM_DELETED,
    );
    expect(offline(() => verify(fixture.file)).problems).toEqual([]);
  });

  it('never lets a position be used again', async () => {
    await append('build-1', 3);
    await limit('build-1', { $tb: 3 });
    await limit('build-1', {});
    await remove('build-1', false);
    const before = fixture.store.lastPosition;
    offline(() => scavenge(fixture.file));
    fixture.reopen();
    expect(fixture.store.lastPosition).toBe(before);
  });

  it('gives the space back', async () => {
    await append('build-1', 200);
    await limit('build-1', { $maxCount: 1 });
    const { bytesBefore, bytesAfter } = offline(() => scavenge(fixture.file));
    expect(bytesAfter).toBeLessThan(bytesBefore / 2);
  });

  it('refuses while a server has the file', () => {
    expect(() => scavenge(fixture.file)).toThrow('in use by another process');
  });
});

describe('backup', () => {
  it('copies a store that is being written to, into a store', async () => {
    const target = join(fixture.directory, 'copy.db');
    await append('build-1', 10);
    const appending = append('build-1', 20);
    expect(backup(fixture.file, target).lastPosition).toBe(10);
    await appending;
    expect(verify(target)).toEqual({ events: 10, streams: 1, problems: [] });
    const copy = new EventStore(target);
    expect(await copy.append({ stream: 'build-1', expected: 9, events: [proposed()] })).toEqual(written(10));
    copy.close();
  });

  it('overwrites nothing', () => {
    expect(() => backup(fixture.file, fixture.file)).toThrow('exists already');
  });

  it('leaves nothing behind under the name of a copy that failed', () => {
    const target = join(fixture.directory, 'copy.db');
    expect(() => backup(join(fixture.directory, 'missing.db'), target)).toThrow();
    expect(existsSync(target)).toBe(false);
  });
});

describe('verify', () => {
  const damaged = (sql: string): readonly string[] =>
    offline(() => {
      const database = new DatabaseSync(fixture.file);
      database.exec(sql);
      database.close();
      return verify(fixture.file).problems;
    });

  beforeEach(async () => {
    await append('build-1', 5);
    await append('build-2', 2);
    await limit('build-1', { $maxCount: 3 });
  });

  it('finds a sound store sound', () => {
    expect(offline(() => verify(fixture.file))).toEqual({ events: 8, streams: 3, problems: [] });
  });

  it.each([
    ['DELETE FROM event WHERE stream_id = 1 AND revision = 2', 'build-1 has gaps'],
    ['DELETE FROM event WHERE stream_id = 1 AND revision = 4', 'build-1 ends at revision 3, not 4'],
    ['DELETE FROM event WHERE stream_id = 2', 'build-2 has lost its events'],
    ['DELETE FROM stream WHERE id = 2', 'events belong to stream 2, which does not exist'],
    ['DELETE FROM event_type WHERE id = 1', 'events have type 1, which does not exist'],
    ['UPDATE stream SET max_count = 9 WHERE id = 1', 'build-1 does not follow its metadata'],
    ['UPDATE event SET created_ms = 5 WHERE position = 4', 'the event at position 4 is older than the one before it'],
    [
      'UPDATE event SET revision = revision + 10 WHERE position = 1; UPDATE event SET revision = 0 WHERE position = 5; UPDATE event SET revision = 4 WHERE position = 1',
      'the event at position 1 comes before an earlier one of its stream',
    ],
  ])('reports what %s does', (sql, problem) => {
    expect(damaged(sql)).toContain(problem);
  });

  it('refuses a file that is something else', () => {
    const file = join(fixture.directory, 'other.db');
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE other (id INTEGER)');
    database.close();
    expect(() => verify(file)).toThrow('is not an event store');
  });
});
