import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import {
  commandSubjects,
  DEAD_LETTER_HEADER,
  DeadLetterListQuery,
  DeadLetterQuery,
  DeadLetterRequest,
  querySubjects,
  subjects,
  type DeadLetter,
} from '@slipway/contracts';
import { deadLetterDesk, ensureTopology, serve, STREAMS } from '@slipway/messaging';
import { callerWith } from '../house/client.fixtures.js';
import { rethrow } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';

const SUBJECT = 'event.3.5709f780-e8fb-4b52-aa3b-6256b572fb51.ended';
const letter: DeadLetter = {
  stream: STREAMS.events,
  consumer: 'reports-3',
  sequence: 7,
  subject: SUBJECT,
  headers: [['Some', 'thing']],
  bytes: 2,
  isWhole: true,
  deliveries: 5,
  error: { code: 'TypeError', message: 'cannot read undefined' },
  at: '2026-01-02T03:04:05.678Z',
};
const { isWhole: _, at, headers: __, ...shown } = letter;
const view = { ...shown, is_whole: true, created_at: at };

let house: House;
let admin: ReturnType<typeof callerWith>;
const asked: DeadLetterRequest[] = [];
beforeAll(async () => {
  house = await openHouse();
  admin = callerWith(house.url, await house.tokenOf('admin', { isAdmin: true }));
}, 30_000);
afterAll(() => house.stop());

/** What an orchestrator answers. */
async function answer(): Promise<void> {
  await ensureTopology(house.nats, { replicas: 1, ackWaitMs: 15_000, buildNodes: ['in'] });
  const desk = deadLetterDesk(house.nats);
  const common = { queue: 'build-orchestrator', onError: rethrow };
  const heard =
    <T>(work: (id: number) => Promise<T>) =>
    (request: DeadLetterRequest): Promise<T> => {
      asked.push(request);
      return work(request.id);
    };
  const { deadLetters: subject } = querySubjects;
  serve(house.nats, { ...common, subject, schema: DeadLetterListQuery, handle: ({ page }) => desk.list(page) });
  serve(house.nats, {
    ...common,
    subject: querySubjects.deadLetter,
    schema: DeadLetterQuery,
    handle: ({ id }) => desk.get(id),
  });
  const replay = { subject: commandSubjects.replayDeadLetter, handle: heard(desk.replay) };
  const remove = {
    subject: commandSubjects.removeDeadLetter,
    handle: heard((id) => desk.remove(id).then(() => ({}))),
  };
  for (const command of [replay, remove]) serve(house.nats, { ...common, ...command, schema: DeadLetterRequest });
  await house.nats.flush();
}

async function put(count: number): Promise<void> {
  const own = headers();
  own.set(DEAD_LETTER_HEADER, JSON.stringify(letter));
  for (let index = 0; index < count; index++)
    await jetstream(house.nats).publish(subjects.deadLetter(letter.stream, letter.consumer), '{}', { headers: own });
}

describe('dead letters', () => {
  it('are 503 while no orchestrator answers', async () => {
    expect(await admin('/v1/dead-letters')).toMatchObject({ status: 503 });
    expect(await admin('/v1/dead-letters/1')).toMatchObject({ status: 503 });
  });

  it('are listed to administrators of the system, page by page, the newest first', async () => {
    await answer();
    expect(await admin('/v1/dead-letters')).toMatchObject({ status: 200, body: { count: 0, results: [] } });
    await put(21);
    const first = await admin('/v1/dead-letters');
    expect(first).toMatchObject({
      status: 200,
      body: { count: 21, next: `${house.url}/v1/dead-letters?page=2`, previous: null },
    });
    expect((first.body as { results: unknown[] }).results[0]).toEqual({ id: 21, ...view });
    const second = { previous: `${house.url}/v1/dead-letters?page=1`, next: null, results: [{ id: 1, ...view }] };
    expect(await admin('/v1/dead-letters?page=2')).toMatchObject({ status: 200, body: second });
  });

  it('are shown with what is in them', async () => {
    const inside = { ...view, id: 3, headers: [{ name: 'Some', value: 'thing' }], encoding: 'utf-8', body: '{}' };
    expect(await admin('/v1/dead-letters/3')).toMatchObject({ status: 200, body: inside });
    for (const unknown of ['99', '0', 'x'])
      expect(await admin(`/v1/dead-letters/${unknown}`)).toMatchObject({
        status: 404,
        body: { errors: [{ code: 'dead_letter_not_found' }] },
      });
  });

  it('are replayed, which is told, and are none then', async () => {
    const path = '/v1/dead-letters/3/replay';
    const body = { id: 3, stream: STREAMS.events, subject: SUBJECT, sequence: 1 };
    expect(await admin(path, { method: 'POST' })).toMatchObject({ status: 200, body });
    expect(await admin(path, { method: 'POST' })).toMatchObject({ status: 200, body }); // to whoever missed the answer
    expect(await admin('/v1/dead-letters/3')).toMatchObject({ status: 404 });
    const [replayed] = asked;
    expect(replayed).toEqual({ id: 3, by: 'admin' });
    const manager = await jetstream(house.nats).jetstreamManager();
    expect((await manager.streams.getMessage(STREAMS.events, { seq: 1 }))?.string()).toBe('{}');
  });

  it('are removed', async () => {
    expect(await admin('/v1/dead-letters/4', { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await admin('/v1/dead-letters/4', { method: 'DELETE' })).toMatchObject({ status: 404 });
    expect(await admin('/v1/dead-letters')).toMatchObject({ body: { count: 19 } });
    expect(asked.at(-1)).toEqual({ id: 4, by: 'admin' });
  });
});
