import { EventStore } from './event-store.js';
import { proposed, StoreFixture, written } from './store.fixtures.js';

let fixture: StoreFixture;
beforeEach(() => {
  fixture = new StoreFixture();
});
afterEach(() => fixture.remove());

const append = (stream: string, events = [proposed()], deadlineMs?: number) =>
  fixture.store.append({ stream, expected: 'any', events }, deadlineMs);
/** The database refuses it. */
const impossible = () => proposed({ id: null as never });

describe('group commit', () => {
  it('writes what came in together in one transaction, in order', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => append(`build-${index % 10}`)));
    expect(fixture.groups.map((events) => events.length)).toEqual([100]);
    expect(answers.map((answer) => 'position' in answer && answer.position)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it('writes all events of an append or none', async () => {
    await expect(append('build-1', [proposed(), impossible()])).rejects.toThrow();
    expect(fixture.store.view('build-1')).toEqual({ state: 'absent', lastRevision: -1 });
    expect(fixture.groups).toEqual([]);
    expect(await append('build-1')).toEqual({ ...(written(0) as object), position: 1 });
  });

  it('lets no append fail by the fault of another', async () => {
    const bad = append('build-2', [impossible()]);
    const [first, , last] = await Promise.allSettled([append('build-1'), bad, append('build-1')]);
    await expect(bad).rejects.toThrow();
    expect([first, last]).toEqual([
      { status: 'fulfilled', value: { outcome: 'written', revision: 0, position: 1 } },
      { status: 'fulfilled', value: { outcome: 'written', revision: 1, position: 2 } },
    ]);
    fixture.reopen();
    expect(fixture.revisions('build-1')).toEqual([0, 1]);
  });

  it('says why it cannot write until it can again', async () => {
    await expect(append('build-1', [impossible()])).rejects.toThrow();
    expect(fixture.store.lastFailure).toBeInstanceOf(Error);
    await append('build-1');
    expect(fixture.store.lastFailure).toBeUndefined();
  });

  it('does not write what is too late', async () => {
    expect(await append('build-1', [proposed()], Date.now() - 1)).toEqual({ outcome: 'too-late' });
    expect(fixture.store.lastPosition).toBe(0);
  });

  it('writes what still waits before it closes', async () => {
    const waiting = append('build-1');
    fixture.reopen();
    expect(await waiting).toEqual(written(0));
    expect(fixture.revisions('build-1')).toEqual([0]);
  });

  it('lets no second process write to the file', () => {
    expect(() => new EventStore(fixture.file)).toThrow('in use by another process');
  });
});
