import { randomUUID } from 'node:crypto';
import {
  commandSubjects,
  type CommandReply,
  CreateTokenBody,
  CreateUserBody,
  type LoginReply,
  SignInReply,
  type Role,
  type UpdateUserBody,
} from '@slipway/contracts';
import type { EventStore } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import { request } from '@slipway/messaging';
import { makeToken, tokenHashOf } from '@slipway/platform';
import { RepositoryHouse } from '../house.fixtures.js';
import { passwords } from './password.js';
import { loadUser } from './standing.js';

const PASSWORD = 'correct horse battery';
const OTHER = 'staple staple staple';
let house: RepositoryHouse;

beforeAll(async () => {
  house = await RepositoryHouse.open();
}, 30_000);
afterAll(() => house.close());
beforeEach(() => start());
afterEach(() => house.clear());

const start = (store?: EventStore): Promise<void> =>
  house.start({ passwords: passwords({ n: 16, r: 1, p: 1 }), ...(store && { store }) });
const send = (subject: string, command: object, actor = 'root', more: object = {}): Promise<CommandReply> =>
  house.send(subject, command, actor, more);
const create = (username: string, more: object = {}, envelope: object = {}): Promise<CommandReply> =>
  send(commandSubjects.createUser, CreateUserBody.parse({ username, ...more }), 'root', envelope);
const update = (username: string, body: UpdateUserBody): Promise<CommandReply> =>
  send(commandSubjects.updateUser, { username, body });
const changePassword = (actor: string, old_password: string | null, new_password: string): Promise<CommandReply> =>
  send(commandSubjects.changePassword, { old_password, new_password }, actor);
const signIn = (username: string, password = PASSWORD): Promise<SignInReply> => {
  const command = { username, password, tokenHash: tokenHashOf(makeToken('user')), correlationId: 'c1' };
  return request(house.nats, commandSubjects.signIn, command, { reply: SignInReply });
};
const logIn = (username: string): Promise<LoginReply> => house.logIn(username);
const issue = (actor: string, body: object = {}, envelope: object = {}): Promise<CommandReply> => {
  const tokenHash = tokenHashOf(makeToken('user'));
  const command = { body: CreateTokenBody.parse({ name: 'laptop', scope: 'build', ...body }), tokenHash };
  return send(commandSubjects.issueToken, command, actor, envelope);
};
const typesOf = ({ events }: CommandReply): readonly unknown[] =>
  events.map(({ event }) => (event as { readonly type: string }).type);
const standingOf = async (name: string): Promise<unknown> => (await loadUser(house.store, name))?.standing;
const goodTokensOf = async (name: string): Promise<number> =>
  (await loadUser(house.store, name))?.user.tokens.filter(({ isRevoked }) => !isRevoked).length ?? 0;
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('a user', () => {
  it('is created with a namespace, an address and a password that no answer holds', async () => {
    const reply = await create('alice', { email: 'alice@example.com', password: PASSWORD });
    expect(reply.events.map(({ event }) => event)).toMatchObject([
      { type: 'UserRegistered', data: { name: 'alice', isAdmin: false, email: 'alice@example.com' } },
    ]);
    expect((await house.store.read('user-alice')).map(({ type }) => type)).toEqual(['UserRegistered', 'PasswordSet']);
    expect((await house.store.read('namespace-alice'))[0]?.data).toMatchObject({ kind: 'user' });
    expect(JSON.stringify(await house.store.read('user-alice'))).not.toContain(PASSWORD);
  });

  it('is one, with one answer, under one key', async () => {
    const key = { idempotency: { key: 'k', digest: 'a'.repeat(64) } };
    expect(await create('alice', { password: PASSWORD }, key)).toEqual(
      await create('alice', { password: PASSWORD }, key),
    );
    await expect(create('alice')).rejects.toEqual(code('USER_EXISTS'));
  });

  it('is not created under the name of an organisation', async () => {
    await send(commandSubjects.createNamespace, { name: 'team', description: '' });
    await expect(create('team')).rejects.toEqual(code('NAMESPACE_EXISTS'));
    expect(await house.store.read('user-team')).toEqual([]);
  });

  it('gets another address', async () => {
    await create('alice');
    expect(typesOf(await update('alice', { email: 'a@example.com' }))).toEqual(['UserRegistered', 'EmailChanged']);
    await expect(update('nobody', { email: null })).rejects.toEqual(code('USER_NOT_FOUND'));
  });
});

describe('a deactivated user', () => {
  it('has no token and no login, and gets no old one back', async () => {
    await create('alice', { password: PASSWORD });
    await Promise.all([issue('alice'), signIn('alice')]);
    expect(await goodTokensOf('alice')).toBe(2);
    await update('alice', { is_active: false });
    expect([await standingOf('alice'), await goodTokensOf('alice')]).toEqual([{ isAdmin: false, isActive: false }, 0]);
    await expect(signIn('alice')).rejects.toEqual(code('CREDENTIALS_INVALID'));
    await issue('alice'); // whoever was under way at that moment
    await update('alice', { is_active: true });
    expect([await standingOf('alice'), await goodTokensOf('alice')]).toEqual([{ isAdmin: false, isActive: true }, 0]);
    await signIn('alice');
  });

  it('has no login at an issuer either', async () => {
    await logIn('bob');
    await update('bob', { is_active: false });
    await expect(logIn('bob')).rejects.toEqual(code('TOKEN_INVALID'));
    await update('bob', { is_active: true, is_admin: true });
    expect(await logIn('bob')).toEqual({ username: 'bob', isAdmin: true });
  });
});

describe('the last active administrator', () => {
  it.each([{ is_admin: false }, { is_active: false }])('stays: %j', async (body) => {
    await create('olga', { is_admin: true });
    await update('root', body);
    await expect(update('olga', body)).rejects.toEqual(code('LAST_ADMINISTRATOR'));
    await expect(update('olga', { ...body, email: 'o@example.com' })).rejects.toEqual(code('LAST_ADMINISTRATOR'));
    expect((await loadUser(house.store, 'olga'))?.user.email).toBeNull();
    expect(await standingOf('olga')).toEqual({ isAdmin: true, isActive: true });
  });

  it('is there when all are demoted at once, whoever answers', async () => {
    await start();
    const names = ['root', 'olga', 'bob', 'eve'];
    await Promise.all(names.slice(1).map((name) => create(name, { is_admin: true })));
    const bodies = [{ is_admin: false }, { is_active: false }, { is_admin: false }, { is_active: false }];
    await Promise.allSettled(names.map((name, index) => update(name, bodies[index] ?? {})));
    const standings = await Promise.all(names.map(standingOf));
    expect(standings.filter((standing) => (standing as { isAdmin: boolean; isActive: boolean }).isAdmin)).not.toEqual(
      [],
    );
    expect(standings).toContainEqual({ isAdmin: true, isActive: true });
  });

  it('is not made again by the next start when there is another one', async () => {
    await create('olga', { is_admin: true });
    await update('root', { is_admin: false });
    await start();
    expect(await standingOf('root')).toEqual({ isAdmin: false, isActive: true });
  });

  it('counts after a crash between the two event streams of a creation', async () => {
    const id = { commandId: randomUUID() };
    await house.stopServices();
    const crashing: EventStore = {
      ...house.store,
      append: (stream, events, expected) => {
        const isOlgas = JSON.stringify(events).includes('olga');
        if (stream === 'userstanding-all' && isOlgas) throw new AppError('STORE_UNAVAILABLE');
        return house.store.append(stream, events, expected);
      },
    };
    await start(crashing);
    await expect(create('olga', { is_admin: true }, id)).rejects.toEqual(code('STORE_UNAVAILABLE'));
    await house.stopServices();
    await start();
    await expect(update('root', { is_admin: false })).rejects.toEqual(code('LAST_ADMINISTRATOR'));
    await create('olga', { is_admin: true }, id);
    await update('root', { is_admin: false });
  });
});

describe('a password', () => {
  it('gives a token, and is told from none in no way', async () => {
    await create('alice', { password: PASSWORD });
    await create('tokens-only');
    expect(await signIn('alice')).toMatchObject({ username: 'alice' });
    for (const [name, said] of [['alice', OTHER], ['tokens-only'], ['nobody'], ['No Name!'], ['']] as const)
      await expect(signIn(name, said)).rejects.toEqual(code('CREDENTIALS_INVALID'));
  });

  it('is changed by who knows it, and takes its tokens along', async () => {
    await create('alice', { password: PASSWORD });
    await Promise.all([signIn('alice'), issue('alice')]);
    await expect(changePassword('alice', OTHER, OTHER)).rejects.toEqual(code('PASSWORD_WRONG'));
    await expect(changePassword('alice', null, OTHER)).rejects.toEqual(code('PASSWORD_WRONG'));
    expect(await goodTokensOf('alice')).toBe(2);
    const reply = await changePassword('alice', PASSWORD, OTHER);
    expect(JSON.stringify(reply)).not.toMatch(/scrypt|salt/);
    expect(await goodTokensOf('alice')).toBe(1);
    await expect(signIn('alice')).rejects.toEqual(code('CREDENTIALS_INVALID'));
    await signIn('alice', OTHER);
  });

  it('is set by an administrator, or by who has none yet', async () => {
    await create('alice');
    await expect(changePassword('alice', OTHER, PASSWORD)).rejects.toEqual(code('PASSWORD_WRONG'));
    await changePassword('alice', null, PASSWORD);
    await signIn('alice');
    await update('alice', { password: OTHER });
    await signIn('alice', OTHER);
  });

  it('is not for users of an issuer, and then nothing else is changed either', async () => {
    await logIn('bob');
    await expect(changePassword('bob', null, PASSWORD)).rejects.toEqual(code('PASSWORD_REFUSED'));
    await expect(update('bob', { password: PASSWORD, is_admin: true })).rejects.toEqual(code('PASSWORD_REFUSED'));
    expect(await standingOf('bob')).toEqual({ isAdmin: false, isActive: true });
  });
});

describe('a token', () => {
  it('is issued with what it is good for, and revoked', async () => {
    await create('alice');
    const { events } = await issue('alice', { scope: 'read', expires_in: 60, namespace: 'team' });
    const [{ event } = { event: undefined }] = events;
    const { data } = event as { readonly data: Readonly<Record<'tokenId' | 'at' | 'expiresAt', string>> };
    expect(events).toHaveLength(1);
    expect(data).toMatchObject({ title: 'laptop', scope: 'read', namespace: 'team' });
    expect(Date.parse(data.expiresAt) - Date.parse(data.at)).toBe(60_000);
    await send(commandSubjects.revokeToken, { tokenId: data.tokenId }, 'alice');
    expect(await goodTokensOf('alice')).toBe(0);
    const ofAlice = send(commandSubjects.revokeToken, { tokenId: data.tokenId }, 'root');
    await expect(ofAlice).rejects.toEqual(code('TOKEN_NOT_FOUND'));
  });

  it('is one under one key, and the answer names the first', async () => {
    await create('alice');
    const key = { idempotency: { key: 'k', digest: 'a'.repeat(64) } };
    expect(await issue('alice', {}, key)).toEqual(await issue('alice', {}, key));
    expect(await goodTokensOf('alice')).toBe(1);
  });
});

describe('a robot', () => {
  const tokenHash = tokenHashOf(makeToken('robot'));
  const robot = (name: string, envelope: object = {}): Promise<CommandReply> => {
    const body = { name, role: 'builder' satisfies Role, expires_in: null };
    return send(commandSubjects.createRobot, { namespace: 'team', body, tokenHash }, 'olga', envelope);
  };
  const remove = (label: string): Promise<CommandReply> =>
    send(commandSubjects.removeRobot, { namespace: 'team', label }, 'olga');

  it('is created once, and removed', async () => {
    const key = { idempotency: { key: 'k', digest: 'a'.repeat(64) } };
    const first = await robot('ci', key);
    expect(first.events.map(({ event }) => event)).toMatchObject([
      { type: 'RobotCreated', data: { namespace: 'team', label: 'ci', role: 'builder', tokenHash, by: 'olga' } },
    ]);
    expect(await robot('ci', key)).toEqual(first);
    await expect(robot('ci')).rejects.toEqual(code('ROBOT_EXISTS'));
    await remove('ci');
    await expect(remove('ci')).rejects.toEqual(code('ROBOT_NOT_FOUND'));
    await robot('ci');
  });
});
