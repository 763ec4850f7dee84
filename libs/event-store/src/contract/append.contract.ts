import type { EventStore, Expected } from '../port.js';
import { dataOf, newEvent, newEvents, uniqueName } from './port.fixtures.js';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

/** What the port promises about appending. */
export function appendContract(store: () => EventStore): void {
  it('gives back what was appended, whole and in order', async () => {
    const stream = uniqueName();
    const events = newEvents(3);
    const appended = await store().append(stream, events, -1);
    const stored = await store().read(stream);
    expect(stored).toEqual(
      events.map((event, revision) => ({ ...event, stream, revision, position: stored[revision]?.position })),
    );
    expect(appended).toEqual({ revision: 2, position: stored[2]?.position });
    const positions = stored.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
  });

  it.each([
    ['an object', { a: { b: [1, 'é€😀'] } }],
    ['a string', 'text'],
    ['a number', 0.5],
    ['null', null],
    ['a list', []],
  ])('keeps %s as JSON', async (_, data) => {
    const stream = uniqueName();
    await store().append(stream, [newEvent(data)], 'any');
    expect(dataOf(await store().read(stream))).toEqual([data]);
  });

  it.each([3_600_000, -3_600_000])('takes an append from a machine whose clock is off by %d ms', async (shift) => {
    const stream = uniqueName();
    const { now } = Date;
    Date.now = () => now() + shift;
    try {
      await store().append(stream, newEvents(1), -1);
    } finally {
      Date.now = now;
    }
    expect(await store().read(stream)).toHaveLength(1);
  });

  it('keeps large JSON as JSON', async () => {
    const stream = uniqueName();
    const data = { text: 'ü'.repeat(100_000), list: Array.from({ length: 1_000 }, (_, n) => n) };
    await store().append(stream, [newEvent(data)], 'any');
    expect(dataOf(await store().read(stream))).toEqual([data]);
  });

  it('keeps bytes as bytes, JSON or not', async () => {
    const stream = uniqueName();
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const looksLikeJson = new TextEncoder().encode('{"a":1}');
    await store().append(stream, [newEvent(all), newEvent(Buffer.from(looksLikeJson)), newEvent(new Uint8Array())], -1);
    const [first, second, third] = dataOf(await store().read(stream)) as Uint8Array[];
    expect([first, second, third].every((data) => data instanceof Uint8Array)).toBe(true);
    expect([...(first ?? [])]).toEqual([...all]);
    expect([...(second ?? [])]).toEqual([...looksLikeJson]);
    expect(third?.length).toBe(0);
  });

  it('refuses what the stream is not', async () => {
    const [missing, existing] = [uniqueName(), uniqueName()];
    await store().append(existing, newEvents(2), -1);
    const refused: [string, Expected][] = [
      [missing, 0],
      [missing, 'exists'],
      [existing, -1],
      [existing, 0],
      [existing, 2],
    ];
    for (const [stream, expected] of refused)
      await expect(store().append(stream, newEvents(1), expected)).rejects.toEqual(code('REVISION_CONFLICT'));
    expect(await store().read(missing)).toEqual([]);
    expect(await store().read(existing)).toHaveLength(2);
  });

  it.each<[Expected]>([[-1], [1], ['any'], ['exists']])(
    'answers a repeated append as the first time (expected %s)',
    async (expected) => {
      const stream = uniqueName();
      if (expected === 1 || expected === 'exists') await store().append(stream, newEvents(2), -1);
      const events = newEvents(3);
      const first = await store().append(stream, events, expected);
      expect(await store().append(stream, events, expected)).toEqual(first);
      await store().append(stream, newEvents(2), 'any');
      expect(await store().append(stream, events, expected)).toEqual(first);
      expect(await store().read(stream)).toHaveLength(first.revision + 1 + 2);
    },
  );

  it.each<[Expected]>([[-1], ['any']])(
    'refuses a repeated append that goes on differently (expected %s)',
    async (expected) => {
      const stream = uniqueName();
      const events = newEvents(2);
      await store().append(stream, events, expected);
      await expect(store().append(stream, [...events, newEvent()], expected)).rejects.toEqual(
        code('REVISION_CONFLICT'),
      );
      expect(await store().read(stream)).toHaveLength(2);
    },
  );

  it('lets one of many win the same revision', async () => {
    const stream = uniqueName();
    const races = Array.from({ length: 20 }, () => store().append(stream, newEvents(2), -1));
    const outcomes = await Promise.allSettled(races);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))).toEqual(
      Array.from({ length: 19 }, () => code('REVISION_CONFLICT')),
    );
    expect(await store().read(stream)).toHaveLength(2);
  });

  it('appends nothing of what is too large together', async () => {
    const stream = uniqueName();
    const half = (): Uint8Array => new Uint8Array(512 * 1024);
    await expect(store().append(stream, [newEvent(half()), newEvent(half())], 'any')).rejects.toEqual(
      code('APPEND_TOO_LARGE'),
    );
    expect(await store().read(stream)).toEqual([]);
    await store().append(stream, [newEvent(new Uint8Array(900 * 1024))], 'any');
    expect(await store().read(stream)).toHaveLength(1);
  });

  it('takes a thousand appends at once', async () => {
    const streams = Array.from({ length: 10 }, () => uniqueName());
    await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => store().append(streams[n % 10] ?? '', newEvents(1), 'any')),
    );
    for (const stream of streams) expect(await store().read(stream)).toHaveLength(100);
  }, 30_000);
}
