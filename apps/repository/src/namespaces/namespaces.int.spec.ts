import {
  commandSubjects,
  type CommandReply,
  CreateRepositoryBody,
  type LoginReply,
  type Namespace,
  type RepositoryEvent,
  type UserEvent,
} from '@slipway/contracts';
import { namespace, type NamespaceState } from '@slipway/domain';
import {
  commandHandler,
  loadState,
  namespaceCodec,
  repositoryCodec,
  userCodec,
  uuidV5,
  type DomainEvent,
  type EventCodec,
} from '@slipway/event-store';
import { RepositoryHouse } from '../house.fixtures.js';

const at = '2026-11-24T10:00:00.000Z';
let house: RepositoryHouse;

beforeAll(async () => {
  house = await RepositoryHouse.open();
}, 30_000);
afterAll(() => house.close());
afterEach(() => house.clear());

const start = (adminUser?: string): Promise<void> => house.start(adminUser === undefined ? {} : { adminUser });
const send = (subject: string, command: object, actor = 'olga', more: object = {}): Promise<CommandReply> =>
  house.send(subject, command, actor, more);
const create = (name: string, actor?: string, more?: object): Promise<CommandReply> =>
  send(commandSubjects.createNamespace, { name, description: '' }, actor, more);
const giveRole = (name: string, username: string, role: string): Promise<CommandReply> =>
  send(commandSubjects.giveRole, { namespace: name, username, body: { role } });
const removeMember = (name: string, username: string): Promise<CommandReply> =>
  send(commandSubjects.removeMember, { namespace: name, username });
const logIn = (username: string): Promise<LoginReply> => house.logIn(username);
const createRepository = (name: Namespace, actor: string): Promise<CommandReply> => {
  const build_config = {
    code_repo_client: 'Simple',
    code_repo_clone_url: 'https://git.example/app.git',
    tag_configs: [{ code_repo_type: 'branch', code_repo_type_value: 'main', docker_repo_tag: 'latest' }],
  };
  const body = CreateRepositoryBody.parse({ repo_name: 'app', build_config });
  return send(commandSubjects.createRepository, { namespace: name, body }, actor);
};
const stateOf = async (name: Namespace): Promise<NamespaceState> =>
  (await loadState({ store: house.store, decider: namespace, codec: namespaceCodec }, `namespace-${name}`)).state;
const membersOf = async (name: Namespace): Promise<unknown> => {
  const state = await stateOf(name);
  return state.phase === 'present' && Object.fromEntries(state.members);
};

/** Events from before namespaces had streams. */
const told = <Event extends DomainEvent>(codec: EventCodec<Event>, stream: string, event: Event): Promise<unknown> => {
  const asTold = { initial: undefined, decide: () => [event], evolve: () => undefined };
  const context = { commandId: uuidV5(`old/${stream}`), at, actor: 'service:test', correlationId: 'c0' };
  return commandHandler(house.store, asTold, codec)(stream, undefined, context);
};
const oldUser = (name: string): Promise<unknown> => {
  const event: UserEvent = { type: 'UserRegistered', data: { name, isAdmin: false, at } };
  return told(userCodec, `user-${name}`, event);
};
const oldRepository = (name: Namespace): Promise<unknown> => {
  const words = { description: '', fullDescription: '', isPublic: false, createdBy: 'root' };
  const event: RepositoryEvent = {
    type: 'RepositoryCreated',
    data: { namespace: name, repoName: 'app', ...words, at },
  };
  return told(repositoryCodec, `repository-${name}.app`, event);
};

describe('an organisation', () => {
  it('is made once, with its maker as administrator, whoever answers', async () => {
    await Promise.all([start(), start()]);
    const key = { idempotency: { key: 'k', digest: 'a'.repeat(64) } };
    const first = await create('team', 'olga', key);
    expect(first.events.map(({ event }) => event)).toMatchObject([
      { type: 'NamespaceCreated', data: { kind: 'organisation', by: 'olga' } },
      { type: 'RoleGiven', data: { username: 'olga', role: 'admin' } },
    ]);
    expect(await create('team', 'olga', key)).toEqual(first);
    await expect(create('team', 'bob')).rejects.toMatchObject({ code: 'NAMESPACE_EXISTS' });
  });

  it('has members who are users, and keeps its last administrator', async () => {
    await start();
    await Promise.all([create('team'), logIn('bob')]);
    await giveRole('team', 'bob', 'builder');
    expect(await membersOf('team')).toEqual({ olga: 'admin', bob: 'builder' });
    await expect(giveRole('team', 'nobody', 'reader')).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
    await expect(removeMember('team', 'olga')).rejects.toMatchObject({ code: 'LAST_ADMIN' });
    await removeMember('team', 'bob');
    expect(await membersOf('team')).toEqual({ olga: 'admin' });
    await expect(removeMember('team', 'bob')).rejects.toMatchObject({ code: 'MEMBER_NOT_FOUND' });
  });

  it('keeps one administrator when both leave at once', async () => {
    await Promise.all([start(), start()]);
    await Promise.all([create('team'), logIn('bob')]);
    await giveRole('team', 'bob', 'admin');
    const left = await Promise.allSettled([removeMember('team', 'olga'), removeMember('team', 'bob')]);
    expect(left.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(Object.values((await membersOf('team')) as object)).toEqual(['admin']);
  });

  it('is made by the first repository in a new namespace', async () => {
    await start();
    await createRepository('tour', 'root');
    expect(await stateOf('tour')).toMatchObject({ kind: 'organisation' });
    expect(await membersOf('tour')).toEqual({ root: 'admin' });
  });
});

describe('one name', () => {
  it("is not a user's once it is an organisation's", async () => {
    await start();
    await create('team');
    await expect(logIn('team')).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
    expect(await house.store.read('user-team')).toEqual([]);
  });

  it("is not an organisation's once it is a user's", async () => {
    await start();
    await logIn('bob');
    await expect(create('bob')).rejects.toMatchObject({ code: 'NAMESPACE_EXISTS' });
    expect(await membersOf('bob')).toEqual({ bob: 'admin' });
  });

  it('has one owner when both want it at once', async () => {
    await Promise.all([start(), start()]);
    const names = Array.from({ length: 20 }, (_, index) => `name${index}`);
    await Promise.all(
      names.map(async (name) => {
        const [user, organisation] = await Promise.allSettled([logIn(name), create(name)]);
        const { kind } = (await stateOf(name)) as { readonly kind: string };
        const expected = { user: ['fulfilled', 'rejected'], organisation: ['rejected', 'fulfilled'] };
        expect({ [kind]: [user.status, organisation.status] }).toEqual({ [kind]: expected[kind as 'user'] });
      }),
    );
  });

  it("is not the administrator's when an organisation has it", async () => {
    await start();
    await create('boss');
    await expect(start('boss')).rejects.toMatchObject({ code: 'NAMESPACE_EXISTS' });
  });
});

describe('what was there before namespaces had streams', () => {
  it('belongs to the user of that name, be it that they came after the repository', async () => {
    await oldRepository('alice');
    await oldUser('alice');
    await start();
    expect(await stateOf('alice')).toMatchObject({ kind: 'user' });
    expect(await membersOf('alice')).toEqual({ alice: 'admin' });
  });

  it('is an organisation without members where nobody has the name, and nobody gets it', async () => {
    await oldRepository('tour');
    await start();
    expect(await stateOf('tour')).toMatchObject({ kind: 'organisation' });
    expect(await membersOf('tour')).toEqual({});
    await expect(logIn('tour')).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
    await expect(create('tour')).rejects.toMatchObject({ code: 'NAMESPACE_EXISTS' });
  });

  it('is looked at once', async () => {
    await oldUser('alice');
    await start();
    const settled = await house.store.read('checkpoint-namespaces');
    await Promise.all([start(), start()]);
    expect(await house.store.read('namespace-alice')).toHaveLength(2);
    const [first, ...later] = await house.store.read('checkpoint-namespaces');
    expect([first]).toEqual(settled);
    for (const { data } of later) expect(data).not.toEqual(first?.data);
  });
});
