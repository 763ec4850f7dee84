import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { user, type User } from '@slipway/domain';
import { commandHandler, createMemoryEventStore, loadState, userCodec, type EventStore } from '@slipway/event-store';
import { AppError, systemClock } from '@slipway/kernel';
import { silentLogger, tokenHashOf as hashOf } from '@slipway/platform';
import { temporaryDirectory, type TemporaryDirectory } from '@slipway/testing';
import { ensureAdministrator } from './administrator.js';

const name = 'admin';
let folder: TemporaryDirectory;
let tokenFile: string;
let store: EventStore;
let shown: string[];

beforeEach(() => {
  folder = temporaryDirectory();
  tokenFile = join(folder.path, 'state', 'admin-token');
  store = createMemoryEventStore();
  shown = [];
});
afterEach(() => folder.remove());

const start = (over: EventStore = store): Promise<void> =>
  ensureAdministrator({
    store: over,
    clock: systemClock,
    logger: silentLogger,
    name,
    tokenFile,
    show: (token) => shown.push(token),
  });
const admin = async (): Promise<Extract<User, { phase: 'present' }>> => {
  const { state } = await loadState({ store, decider: user, codec: userCodec }, 'user-admin');
  if (state.phase === 'absent') throw new Error('no administrator');
  return state;
};
const kept = (): string => readFileSync(tokenFile, 'utf8').trim();

describe('administrator', () => {
  it('is made at first start, with a token in a file that nobody else can read', async () => {
    await start();
    expect(kept()).toMatch(/^slp_[A-Za-z0-9_-]{43}$/);
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(tokenFile))).toEqual(['admin-token']);
    expect(await admin()).toMatchObject({ isAdmin: true, tokens: [{ tokenHash: hashOf(kept()), isRevoked: false }] });
  });

  it('keeps the token itself out of the event store', async () => {
    await start();
    expect(JSON.stringify(await store.read('user-admin'))).not.toContain(kept().slice(4));
  });

  it('shows the token once', async () => {
    await start();
    await start();
    expect(shown).toEqual([kept()]);
  });

  it('stays quiet at every later start', async () => {
    await start();
    const before = await store.read('user-admin');
    await start();
    expect(await store.read('user-admin')).toEqual(before);
  });

  it('is one, with one token, when several services start at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => start()));
    expect((await admin()).tokens).toEqual([expect.objectContaining({ tokenHash: hashOf(kept()) })]);
    expect(await store.read('user-admin')).toHaveLength(2);
    expect(shown).toEqual([kept()]);
  });

  it('is issued a fresh token when the file is gone, beside the old one', async () => {
    await start();
    const old = kept();
    rmSync(tokenFile);
    await start();
    expect((await admin()).tokens.map(({ tokenHash }) => tokenHash)).toEqual([hashOf(old), hashOf(kept())]);
    expect(kept()).not.toBe(old);
  });

  it.each(['UserRegistered', 'TokenIssued'])('is made good by the next start after a crash before %s', async (type) => {
    const crashing: EventStore = {
      ...store,
      append: (stream, events, expected) => {
        if (events.some((event) => event.type === type)) throw new AppError('STORE_UNAVAILABLE');
        return store.append(stream, events, expected);
      },
    };
    await expect(start(crashing)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const written = kept();
    await start();
    expect(kept()).toBe(written);
    expect((await admin()).tokens).toEqual([expect.objectContaining({ tokenHash: hashOf(written) })]);
  });

  it('does not give a revoked token back', async () => {
    await start();
    const [token] = (await admin()).tokens;
    const at = systemClock.now();
    await commandHandler(store, user, userCodec)(
      'user-admin',
      { type: 'RevokeToken', data: { name, tokenId: token?.tokenId ?? '', at } },
      { commandId: '7b2ff0b4-6d0c-4f0e-9c55-0d3c1a3a8f11', at, actor: 'user:admin', correlationId: 'test' },
    );
    await start();
    expect((await admin()).tokens).toEqual([expect.objectContaining({ isRevoked: true })]);
  });

  it('refuses a file that holds something else, and leaves it alone', async () => {
    await start();
    writeFileSync(tokenFile, 'my notes');
    await expect(start()).rejects.toThrow(`${tokenFile} does not hold a token`);
    expect(kept()).toBe('my notes');
  });

  it('makes no user when the file cannot be written', async () => {
    writeFileSync(join(folder.path, 'state'), 'a file where the folder should be');
    await expect(start()).rejects.toThrow();
    expect(existsSync(tokenFile)).toBe(false);
    expect(await store.read('user-admin')).toEqual([]);
  });
});
