import { randomUUID } from 'node:crypto';
import { commandSubjects } from '@slipway/contracts';
import { TRACEPARENT_HEADER } from '@slipway/platform';
import { openHouse, type House } from '../house/house.fixtures.js';

const GIVEN = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const told: (string | undefined)[] = [];
let house: House;
let token: string;

beforeAll(async () => {
  house = await openHouse();
  token = await house.tokenOf('admin', { isAdmin: true });
  house.nats.subscribe(commandSubjects.createUser, {
    callback: (_, message) => {
      told.push(message.headers?.get(TRACEPARENT_HEADER));
      message.respond(JSON.stringify({ ok: false, code: 'USER_EXISTS', details: {} }));
    },
  });
  await house.nats.flush(); // the gateway has a connection of its own
}, 30_000);
afterAll(() => house.stop());
beforeEach(() => {
  told.length = 0;
});

/** A body that has to be read first. */
const createUser = (headers: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${house.url}/v1/users`, {
    method: 'POST',
    headers: { authorization: `Token ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      username: `u${randomUUID().slice(0, 8)}`,
      password: `long enough ${'x'.repeat(40_000)}`.slice(0, 60),
    }),
  });

describe('the trace of a caller', () => {
  it('is told to whoever decides', async () => {
    await createUser({ traceparent: GIVEN });
    expect(told).toEqual([GIVEN]);
  });

  it.each(['', 'hello', `${GIVEN}-more`, GIVEN.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32))])(
    'is not %j',
    async (traceparent) => {
      await createUser({ traceparent });
      expect(told).toEqual([undefined]);
    },
  );

  it('is of one request alone, however many come at once', async () => {
    const given = Array.from({ length: 20 }, (_, index) => GIVEN.replace('0af7', `${1000 + index}`));
    await Promise.all(given.map((traceparent) => createUser({ traceparent })));
    expect(told.map(String).sort()).toEqual([...given].sort());
  });
});
