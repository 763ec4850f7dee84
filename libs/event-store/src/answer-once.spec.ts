import { randomUUID } from 'node:crypto';
import { AppError } from '@slipway/kernel';
import { answerOnce } from './answer-once.js';
import { createMemoryEventStore } from './memory/memory-event-store.js';
import type { EventStore } from './port.js';

const HOUR_MS = 3_600_000;
const digest = (letter: string): string => letter.repeat(64);

let store: EventStore;
let nowMs: number;
/** Command ids that were handled. */
let handled: string[];

beforeEach(() => {
  store = createMemoryEventStore();
  nowMs = Date.parse('2026-01-02T03:04:05.678Z');
  handled = [];
});

const ask = (key: string | undefined, letter = 'a', actor = 'alice') => ({
  commandId: randomUUID(),
  actor,
  correlationId: 'c-1',
  ...(key === undefined ? {} : { idempotency: { key, digest: digest(letter) } }),
});
type Ask = ReturnType<typeof ask>;

/** A service as it is after its start: it remembers nothing. */
const service = (answer: (message: Ask) => Promise<unknown> = async ({ commandId }) => ({ made: commandId })) =>
  answerOnce({ store, clock: { now: () => new Date(nowMs).toISOString() } }, (message: Ask) => {
    handled.push(message.commandId);
    return answer(message);
  });

describe('a command with an idempotency key', () => {
  it('is answered by every service as it was the first time', async () => {
    const first = await service()(ask('k'));
    nowMs += 24 * HOUR_MS - 1;
    expect(await service()(ask('k'))).toEqual(first);
    expect(handled).toHaveLength(1);
  });

  it('is refused when something else is asked under the key, also while the first has no answer', async () => {
    await expect(
      service(async () => {
        await expect(service()(ask('k', 'b'))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
        return 'done';
      })(ask('k')),
    ).resolves.toBe('done');
    await expect(service()(ask('k', 'b'))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(handled).toHaveLength(1);
  });

  it('is something else for another user and under another key', async () => {
    const answers = [await service()(ask('k')), await service()(ask('k', 'b', 'bob')), await service()(ask('l', 'b'))];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(3);
  });

  it('is a new one after 24 hours, whatever it asks', async () => {
    const first = await service()(ask('k'));
    nowMs += 24 * HOUR_MS;
    const second = await service()(ask('k', 'b'));
    expect(second).not.toEqual(first);
    expect(await service()(ask('k', 'b'))).toEqual(second);
  });

  it('goes on under the first command id when its first service died in the middle', async () => {
    const dies = service(async () => Promise.reject(new Error('killed')));
    await expect(dies(ask('k'))).rejects.toThrow('killed');
    expect(await service()(ask('k'))).toEqual({ made: handled[0] });
    expect(new Set(handled).size).toBe(1);
  });

  it('is one command with one answer, however many services are asked at once', async () => {
    let made = 0;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service(async () => ({ made: ++made }))(ask('k'))),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(new Set(handled).size).toBe(1);
  });

  it('is refused as it was refused', async () => {
    const refuses = service(async () => Promise.reject(new AppError('TAG_CONFIG_NOT_FOUND', { tag: 'x' })));
    await expect(refuses(ask('k'))).rejects.toMatchObject({ code: 'TAG_CONFIG_NOT_FOUND' });
    await expect(service()(ask('k'))).rejects.toMatchObject({ code: 'TAG_CONFIG_NOT_FOUND', details: { tag: 'x' } });
    expect(handled).toHaveLength(1);
  });

  it.each(['STORE_UNAVAILABLE', 'REVISION_CONFLICT'] as const)('is tried again after %s', async (code) => {
    await expect(service(async () => Promise.reject(new AppError(code)))(ask('k'))).rejects.toMatchObject({ code });
    expect(await service()(ask('k'))).toEqual({ made: handled[0] });
  });

  it('without one is handled each time, and leaves no trace', async () => {
    const message = ask(undefined);
    await Promise.all([service()(message), service()(message)]);
    expect(handled).toHaveLength(2);
    const append = await store.append('marker', [marker()], 'any');
    expect(append.position).toBe(1);
  });
});

function marker() {
  const id = randomUUID();
  const metadata = { at: '', actor: '', $correlationId: id, $causationId: id, version: 1 };
  return { id, type: 'Marked', data: {}, metadata };
}
