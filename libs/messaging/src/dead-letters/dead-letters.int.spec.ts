import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { DEAD_LETTERS_A_PAGE, subjects, type DeadLetterView } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { startNatsServer, temporaryDirectory, until, type TestServer } from '@slipway/testing';
import { connectNats } from '../connect.js';
import { ensureTopology, STREAMS } from '../topology.js';
import { buildIn, reportOf, say, speakRaw, working } from './dead-letters.fixtures.js';
import { deadLetterDesk, type DeadLetterDesk } from './desk.js';

const LIMIT = { limitMs: 30_000 };
const topology = { replicas: 1, ackWaitMs: 15_000, buildNodes: ['in'] };
const invalid = (): Promise<void> =>
  Promise.reject(new AppError('MESSAGE_INVALID', {}, { cause: new Error('no name') }));
const bug = (): Promise<void> => Promise.reject(new TypeError('cannot read undefined'));

let server: TestServer;
let nats: NatsConnection;
let desk: DeadLetterDesk;
beforeAll(async () => {
  server = await startNatsServer();
  nats = await connectNats({ url: server.url, name: 'test' });
  await ensureTopology(nats, topology);
  desk = deadLetterDesk(nats);
}, 30_000);
afterAll(async () => {
  await nats.close();
  await server.stop();
});

/** The dead letter of this subject, once it is there. */
const letterOn = (subject: string): Promise<DeadLetterView> =>
  until(async () => (await desk.list(1)).letters.find((letter) => letter.subject === subject), LIMIT);

describe('a message that nobody can take in', () => {
  it('leaves its lane at once when it cannot be read, with everything that is to be known of it', async () => {
    const buildId = buildIn(1);
    const seen: string[] = [];
    const lane = working(nats, 1, (text) => (text === '{}' ? invalid() : Promise.resolve(void seen.push(text))));
    const own = headers();
    own.append('Slipway-Some', 'thing');
    await say(nats, reportOf(buildId), '{}', own);
    await say(nats, reportOf(buildId), 'the next one');
    await until(() => seen.length === 1, LIMIT);
    await lane.stop();
    const letter = await letterOn(reportOf(buildId));
    expect(letter).toMatchObject({
      stream: STREAMS.events,
      consumer: 'reports-1',
      deliveries: 1,
      bytes: 2,
      is_whole: true,
    });
    expect(letter.error.code).toBe('MESSAGE_INVALID');
    expect(letter.error.message).toContain('no name');
    expect(lane.dead).toEqual(['{}']);
    expect(await desk.get(letter.id)).toMatchObject({
      body: '{}',
      encoding: 'utf-8',
      headers: [{ name: 'Slipway-Some', value: 'thing' }],
    });
  });

  it('leaves its lane after a few tries when it is a bug each time; what comes after it keeps its order', async () => {
    const buildId = buildIn(2);
    const seen: string[] = [];
    let tries = 0;
    const lane = working(nats, 2, async (text) => {
      if (text === 'poison') return ((tries += 1), bug());
      seen.push(text);
    });
    for (const text of ['1', 'poison', '2', '3']) await say(nats, reportOf(buildId), text);
    await until(() => seen.length === 3, LIMIT);
    await lane.stop();
    expect({ tries, seen }).toEqual({ tries: 5, seen: ['1', '2', '3'] });
    const { error, deliveries } = await letterOn(reportOf(buildId));
    expect({ error, deliveries }).toEqual({
      error: { code: 'TypeError', message: 'cannot read undefined' },
      deliveries: 5,
    });
  });

  it.each([
    ['by what handling says', new AppError('STORE_UNAVAILABLE')],
    ['by what handling needs', new TypeError('nobody thought of this outage')],
  ])('is none while something is away, %s', async (_, error) => {
    let tries = 0;
    const isAway = (): boolean => tries <= 6; // longer than a bug is tried
    const lane = working(
      nats,
      3,
      async () => {
        tries += 1;
        if (isAway()) throw error;
      },
      { dependencies: () => (isAway() ? Promise.reject(new Error('away')) : Promise.resolve()) },
    );
    await say(nats, reportOf(buildIn(3)), 'late');
    await until(() => !isAway(), LIMIT);
    await lane.stop();
    expect({ tries, dead: lane.dead }).toEqual({ tries: 7, dead: [] });
  });

  it('is kept before it leaves its lane: while it cannot be kept, it stays', async () => {
    const buildId = buildIn(4);
    const manager = await jetstreamManager(nats);
    await manager.streams.delete(STREAMS.dead);
    let tries = 0;
    const lane = working(nats, 4, () => ((tries += 1), invalid()));
    await say(nats, reportOf(buildId), '{}');
    await until(() => tries >= 3, LIMIT);
    expect(lane.dead).toEqual([]);
    await ensureTopology(nats, topology);
    await letterOn(reportOf(buildId));
    await until(() => lane.dead.length === 1, LIMIT);
    await lane.stop();
  }, 60_000);

  it('is cut when it is too large to be kept whole, which is told, and cannot be replayed', async () => {
    const buildId = buildIn(5);
    const bytes = 1_048_576 - 200;
    const lane = working(nats, 5, invalid);
    await say(nats, reportOf(buildId), new Uint8Array(bytes).fill(0xff));
    const letter = await letterOn(reportOf(buildId));
    await lane.stop();
    expect(letter).toMatchObject({ bytes, is_whole: false });
    expect((await desk.get(letter.id)).encoding).toBe('base64');
    await expect(desk.replay(letter.id)).rejects.toMatchObject({ code: 'DEAD_LETTER_CUT' });
  });

  it('may have headers that no client can read', async () => {
    const buildId = buildIn(6);
    const seen: string[] = [];
    const lane = working(nats, 6, async (text, message) => void (message.headers?.get('any'), seen.push(text)));
    const head = 'NATS/1.0\r\nno name: at all\r\n\r\n';
    await speakRaw(server.url, [`HPUB ${reportOf(buildId)} ${head.length} ${head.length + 1}\r\n${head}x\r\n`]);
    await say(nats, reportOf(buildId), 'the next one');
    await until(() => seen.includes('the next one'), LIMIT);
    await lane.stop();
    expect(await letterOn(reportOf(buildId))).toMatchObject({ is_whole: false, bytes: 1 });
  });
});

describe('a message of 10 MB', () => {
  const bytes = new Uint8Array(10_000_000);
  const subject = subjects.log(buildIn(7));
  const announced = `PUB ${subject} ${bytes.byteLength}\r\n`;
  const logsAt = async (connection: NatsConnection): Promise<number> =>
    (await (await jetstreamManager(connection)).streams.info(STREAMS.logs)).state.messages;

  it('is refused by the server, which hangs up on who sent it and on nobody else', async () => {
    expect(await speakRaw(server.url, [announced])).toMatch(/maximum payload/i);
    await speakRaw(server.url, [announced, bytes, '\r\n']); // hung up in the middle of it
    await say(nats, subject, 'of somebody else');
    expect(await logsAt(nats)).toBe(1);
  });

  it('gets into no stream of a server that takes larger ones', async () => {
    const directory = temporaryDirectory();
    const config = join(directory.path, 'nats.conf');
    writeFileSync(config, 'max_payload: 16MB');
    const large = await startNatsServer({ args: [`--config=${config}`] });
    const other = await connectNats({ url: large.url, name: 'test' });
    await ensureTopology(other, topology);
    await expect(jetstream(other).publish(subject, bytes)).rejects.toThrow(/message size exceeds/i);
    await say(other, subject, 'of somebody else');
    expect(await logsAt(other)).toBe(1);
    await other.close();
    await large.stop();
    directory.remove();
  }, 60_000);
});

describe('dead letters', () => {
  const setAside = async (partition: number, texts: readonly string[]): Promise<string> => {
    const subject = reportOf(buildIn(partition));
    const lane = working(nats, partition, invalid);
    for (const text of texts) await say(nats, subject, text);
    await until(() => lane.dead.length === texts.length, LIMIT);
    await lane.stop();
    return subject;
  };

  it('are listed the newest first, page by page, also after some were removed', async () => {
    const texts = Array.from({ length: DEAD_LETTERS_A_PAGE + 5 }, (_, index) => `listed ${index}`);
    await setAside(8, texts);
    const [first, second] = [await desk.list(1), await desk.list(2)];
    const ids = [...first.letters, ...second.letters].map(({ id }) => id);
    expect(first.letters).toHaveLength(DEAD_LETTERS_A_PAGE);
    expect(ids).toEqual([...ids].sort((left, right) => right - left));
    expect(first.count).toBe(second.count);
    await desk.remove(ids[3]!);
    const after = await desk.list(1);
    expect(after.count).toBe(first.count - 1);
    expect(after.letters.map(({ id }) => id)).toEqual([...ids.slice(0, 3), ...ids.slice(4, DEAD_LETTERS_A_PAGE + 1)]);
    await expect(desk.get(ids[3]!)).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' });
    await expect(desk.remove(ids[3]!)).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' });
    expect((await desk.list(1_000)).letters).toEqual([]);
  }, 60_000);

  it('are replayed to where they were published, with their headers, once by however many', async () => {
    const subject = reportOf(buildIn(9));
    const own = headers();
    own.append('Slipway-Some', 'thing');
    own.append('Nats-Msg-Id', 'of the first time');
    const refusing = working(nats, 9, invalid);
    await say(nats, subject, 'once more', own);
    const { id } = await letterOn(subject);
    await until(() => refusing.dead.length === 1, LIMIT);
    await refusing.stop();

    const done = await Promise.all([desk.replay(id), desk.replay(id)]);
    expect(done[0]).toMatchObject({ id, stream: STREAMS.events, subject, sequence: expect.any(Number) });
    expect([done[1], await desk.replay(id)]).toEqual([done[0], done[0]]);
    await expect(desk.get(id)).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' });

    const seen: string[] = [];
    const fixed = working(nats, 9, async (text, message) => {
      seen.push(`${text}: ${message.headers?.get('Slipway-Some')}`);
    });
    await say(nats, subject, 'the next one');
    await until(() => seen.length >= 2, LIMIT);
    await fixed.stop();
    expect(seen).toEqual(['once more: thing', 'the next one: undefined']);
  }, 60_000);

  it('are not taken for others that had their numbers before the stream was made anew', async () => {
    const subject = reportOf(buildIn(10));
    const letter = { stream: STREAMS.events, consumer: 'reports-10', sequence: 1, subject, headers: [], bytes: 5 };
    const rest = { isWhole: true, deliveries: 1, error: { code: 'TypeError', message: '' } };
    const put = (at: string): Promise<number> => putLetter(JSON.stringify({ ...letter, ...rest, at }));
    const renew = async (): Promise<void> => {
      await (await jetstreamManager(nats)).streams.delete(STREAMS.dead);
      await ensureTopology(nats, topology);
    };
    await renew();
    const [before] = [await desk.replay(await put('2026-01-02T03:04:05.678Z')), await renew()];
    const after = await desk.replay(await put('2026-01-02T03:04:06.789Z'));
    expect(after.id).toBe(before.id);
    expect(after.sequence).toBeGreaterThan(before.sequence ?? NaN);
  });

  it('are replayed as jobs only where none of the build lies', async () => {
    const subject = subjects.queue('in', buildIn(0));
    await say(nats, subject, 'offered');
    const letter = { stream: STREAMS.queue, consumer: 'agents-in', sequence: 1, subject, headers: [], bytes: 5 };
    const rest = { isWhole: true, deliveries: 1, error: { code: 'MESSAGE_INVALID', message: '' } };
    const id = await putLetter(JSON.stringify({ ...letter, ...rest, at: '2026-01-02T03:04:05.678Z' }));
    expect(await desk.replay(id)).toMatchObject({ subject, sequence: null });
  });

  it.each([
    ['that somebody else put there', 'nonsense'],
    ['to a subject of commands', JSON.stringify({ subject: 'cmd.user.create' })],
  ])('%s are shown and not replayed', async (_, text) => {
    const id = await putLetter(text);
    expect((await desk.list(1)).letters[0]).toMatchObject({ id, is_whole: false, error: { code: 'MESSAGE_INVALID' } });
    await expect(desk.replay(id)).rejects.toMatchObject({ code: 'DEAD_LETTER_CUT' });
  });

  it('of one consumer, however many, push out none of another', async () => {
    const kept = await desk.list(1);
    const flood = Array.from({ length: 1_100 }, () => jetstream(nats).publish('dead.BUILD_LOGS.flood', 'x'));
    await Promise.all(flood);
    expect((await desk.list(1)).count).toBe(kept.count + 1_000);
    await (await jetstreamManager(nats)).streams.purge(STREAMS.dead, { filter: 'dead.BUILD_LOGS.flood' });
  }, 60_000);

  it('are unavailable, and not a bug, where there is no stream of them', async () => {
    const alone = await startNatsServer();
    const other = await connectNats({ url: alone.url, name: 'test' });
    await expect(deadLetterDesk(other).list(1)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await other.close();
    await alone.stop();
  });

  async function putLetter(described: string): Promise<number> {
    const own = headers();
    own.set('Slipway-Dead-Letter', described);
    return (await jetstream(nats).publish('dead.BUILD_QUEUE.agents-in', 'a job', { headers: own })).seq;
  }
});
