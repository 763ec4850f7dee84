import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  commandSubjects,
  CommandReply,
  CreateTokenBody,
  CreateUserBody,
  LoginReply,
  SignInReply,
  type Role,
  type UpdateUserBody,
} from '@slipway/contracts';
import { codeHosts } from '@slipway/domain';
import { createMemoryEventStore, type EventStore } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import { connectNats, request } from '@slipway/messaging';
import { makeToken, silentLogger, tokenHashOf, type RunningService } from '@slipway/platform';
import { startNatsServer, temporaryDirectory, type TemporaryDirectory, type TestServer } from '@slipway/testing';
import { startRepository } from '../service.js';
import { passwords } from './password.js';
import { loadUser } from './standing.js';

const PASSWORD = 'correct horse battery';
const OTHER = 'staple staple staple';
let server: TestServer;
let nats: NatsConnection;
let folder: TemporaryDirectory;
let store: EventStore;
let services: RunningService[];

beforeAll(async () => {
  server = await startNatsServer();
  nats = await connectNats({ url: server.url, name: 'test' });
}, 30_000);
afterAll(async () => {
  await nats.close();
  await server.stop();
});
beforeEach(async () => {
  folder = temporaryDirectory();
  store = createMemoryEventStore();
  services = [];
  await start();
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.stop()));
  folder.remove();
});

const start = async (over: EventStore = store): Promise<void> => {
  const secretKey = createSecretKey(randomBytes(32));
  const config = { adminUser: 'root', adminTokenFile: join(folder.path, 'token'), hosts: codeHosts({}), secretKey };
  const signal = new AbortController().signal;
  const cheap = passwords({ n: 16, r: 1, p: 1 });
  services.push(await startRepository({ config, store: over, nats, logger: silentLogger, signal, passwords: cheap }));
};
const send = (subject: string, command: object, actor = 'root', more: object = {}): Promise<CommandReply> => {
  const envelope = { commandId: randomUUID(), actor, correlationId: 'c1', command, ...more };
  return request(nats, subject, envelope, { reply: CommandReply });
};
const create = (username: string, more: object = {}, envelope: object = {}): Promise<CommandReply> =>
  send(commandSubjects.createUser, CreateUserBody.parse({ username, ...more }), 'root', envelope);
const update = (username: string, body: UpdateUserBody): Promise<CommandReply> =>
  send(commandSubjects.updateUser, { username, body });
const changePassword = (actor: string, old_password: string | null, new_password: string): Promise<CommandReply> =>
  send(commandSubjects.changePassword, { old_password, new_password }, actor);
const signIn = (username: string, password = PASSWORD): Promise<SignInReply> => {
  const command = { username, password, tokenHash: tokenHashOf(makeToken('user')), correlationId: 'c1' };
  return request(nats, commandSubjects.signIn, command, { reply: SignInReply });
};
const logIn = (username: string): Promise<LoginReply> => {
  const command = { issuer: 'https://login.example.com', subject: username, username, correlationId: 'c1' };
  return request(nats, commandSubjects.login, command, { reply: LoginReply });
};
const issue = (actor: string, body: object = {}, envelope: object = {}): Promise<CommandReply> => {
  const tokenHash = tokenHashOf(makeToken('user'));
  const command = { body: CreateTokenBody.parse({ name: 'laptop', scope: 'build', ...body }), tokenHash };
  return send(commandSubjects.issueToken, command, actor, envelope);
};
const typesOf = ({ events }: CommandReply): readonly unknown[] =>
  events.map(({ event }) => (event as { readonly type: string }).type);
const standingOf = async (name: string): Promise<unknown> => (await loadUser(store, name))?.standing;
const goodTokensOf = async (name: string): Promise<number> =>
  (await loadUser(store, name))?.user.tokens.filter(({ isRevoked }) => !isRevoked).length ?? 0;
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('a user', () => {
  it('is created with a namespace, an address and a password that no answer holds', async () => {
    const reply = await create('alice', { email: 'alice@example.com', password: PASSWORD });
    expect(reply.events.map(({ event }) => event)).toMatchObject([
      { type: 'UserRegistered', data: { name: 'alice', isAdmin: false, email: 'alice@example.com' } },
    ]);
    expect((await store.read('user-alice')).map(({ type }) => type)).toEqual(['UserRegistered', 'PasswordSet']);
    expect((await store.read('namespace-alice'))[0]?.data).toMatchObject({ kind: 'user' });
    expect(JSON.stringify(await store.read('user-alice'))).not.toContain(PASSWORD);
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
    expect(await store.read('user-team')).toEqual([]);
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
    expect((await loadUser(store, 'olga'))?.user.email).toBeNull();
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
    await Promise.all(services.splice(0).map((service) => service.stop()));
    const crashing: EventStore = {
      ...store,
      append: (stream, events, expected) => {
        const isOlgas = JSON.stringify(events).includes('olga');
        if (stream === 'userstanding-all' && isOlgas) throw new AppError('STORE_UNAVAILABLE');
        return store.append(stream, events, expected);
      },
    };
    await start(crashing);
    await expect(create('olga', { is_admin: true }, id)).rejects.toEqual(code('STORE_UNAVAILABLE'));
    await Promise.all(services.splice(0).map((service) => service.stop()));
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
