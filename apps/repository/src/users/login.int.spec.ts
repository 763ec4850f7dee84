import type { LoginCommand } from '@slipway/contracts';
import { createMemoryEventStore, type EventStore } from '@slipway/event-store';
import { AppError, systemClock as clock } from '@slipway/kernel';
import { loginHandler } from './login.js';

const ISSUER = 'https://login.example.com';
let store: EventStore;
const logIn = (
  subject: string,
  username: string,
  over: EventStore = store,
): ReturnType<ReturnType<typeof loginHandler>> =>
  loginHandler({ store: over, clock })({
    issuer: ISSUER,
    subject,
    username,
    correlationId: 'test',
  } satisfies LoginCommand);

beforeEach(() => {
  store = createMemoryEventStore();
});

describe('a login', () => {
  it('makes the user the first time, and is that user from then on', async () => {
    expect(await logIn('7', 'alice')).toEqual({ username: 'alice', isAdmin: false });
    expect(await logIn('7', 'alice')).toEqual({ username: 'alice', isAdmin: false });
    expect((await store.read('user-alice')).map(({ type }) => type)).toEqual(['UserRegistered']);
  });

  it('stays the same user when the issuer calls them otherwise, and takes no other name', async () => {
    await logIn('7', 'alice');
    expect(await logIn('7', 'bob')).toMatchObject({ username: 'alice' });
    expect(await store.read('user-bob')).toEqual([]);
  });

  it('is refused when somebody else has the name', async () => {
    await logIn('7', 'alice');
    await expect(logIn('8', 'alice')).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
  });

  it('makes one user when it comes many times at once', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => logIn('7', 'alice')));
    expect(new Set(replies.map(({ username }) => username))).toEqual(new Set(['alice']));
    expect(await store.read('user-alice')).toHaveLength(1);
  });

  it('is made good by the next one after a crash between its two events', async () => {
    const crashing: EventStore = {
      ...store,
      append: (stream, events, expected) => {
        if (stream.startsWith('identity-')) throw new AppError('STORE_UNAVAILABLE');
        return store.append(stream, events, expected);
      },
    };
    await expect(logIn('7', 'alice', crashing)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await logIn('7', 'alice')).toMatchObject({ username: 'alice' });
    await expect(logIn('8', 'alice')).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
  });
});
