import { randomUUID } from 'node:crypto';
import {
  CodeHostTokensQuery,
  commandEnvelope,
  commandSubjects,
  querySubjects,
  RemoveCodeHostTokenCommand,
  SetCodeHostTokenCommand,
  streams,
  type CodeHostTokenView,
  type NotificationEvent,
} from '@slipway/contracts';
import { notificationCodec } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import { callerWith, type Answer, type Call } from '../house/client.fixtures.js';
import { rethrow } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { append, at } from '../house/told.fixtures.js';

const PATH = '/v1/namespaces/alauda/code-hosts';
const body = { api_token: 'a-token-of-the-code-host' };

let house: House;
let alauda: Call;
let bob: Call;
let nobody: Call;
let tokens: readonly CodeHostTokenView[] = [];
/** What the service was given. */
const received: unknown[] = [];

beforeAll(async () => {
  house = await openHouse();
  const common = { queue: 'repository', onError: rethrow };
  const others = (client: string) => tokens.filter(({ code_repo_client }) => code_repo_client !== client);
  serve(house.nats, {
    ...common,
    subject: querySubjects.codeHostTokens,
    schema: CodeHostTokensQuery,
    handle: () => Promise.resolve({ tokens: [...tokens] }),
  });
  serve(house.nats, {
    ...common,
    subject: commandSubjects.setCodeHostToken,
    schema: commandEnvelope(SetCodeHostTokenCommand),
    handle: ({ actor, command }) => {
      received.push(command);
      const { client, body: told } = command;
      const token = { code_repo_client: client, api_user: told.api_user, set_by: actor, set_at: at };
      tokens = [...others(client), token];
      return Promise.resolve({ tokens: [...tokens] });
    },
  });
  serve(house.nats, {
    ...common,
    subject: commandSubjects.removeCodeHostToken,
    schema: commandEnvelope(RemoveCodeHostTokenCommand),
    handle: ({ command: { client } }) => {
      if (others(client).length === tokens.length)
        return Promise.reject(new AppError('CODE_HOST_TOKEN_NOT_FOUND', { client }));
      tokens = others(client);
      return Promise.resolve({ tokens: [...tokens] });
    },
  });
  alauda = callerWith(house.url, await house.tokenOf('alauda'));
  bob = callerWith(house.url, await house.tokenOf('bob'));
  nobody = callerWith(house.url, undefined);
}, 30_000);
afterAll(() => house.stop());

const put = (what: unknown): RequestInit => ({ method: 'PUT', body: JSON.stringify(what) });
const errorOf = ({ status, body: answered }: Answer): unknown => {
  const [error] = (answered as { readonly errors: readonly { code: string; source: string | null }[] }).errors;
  return [status, error?.code, error?.source];
};

describe('the token of a namespace for a code host', () => {
  it('is set, shown without itself, and removed', async () => {
    const { status, body: set } = await alauda(`${PATH}/GitHub`, put(body));
    expect([status, set]).toEqual([200, { code_repo_client: 'GitHub', api_user: null, set_by: 'alauda', set_at: at }]);
    expect(received.at(-1)).toEqual({ namespace: 'alauda', client: 'GitHub', body: { ...body, api_user: null } });
    expect((await alauda(`${PATH}/GitHub`)).body).toEqual(set);
    expect((await alauda(PATH)).body).toEqual({ code_hosts: [set] });
    expect((await alauda(`${PATH}/GitHub`, { method: 'DELETE' })).status).toBe(204);
    for (const init of [{}, { method: 'DELETE' }])
      expect(errorOf(await alauda(`${PATH}/GitHub`, init))).toEqual([404, 'code_host_token_not_found', 'client']);
  });

  it('is only for code hosts that take the status of a commit', async () => {
    for (const client of ['GitCafe', 'Simple', 'github'])
      expect(errorOf(await alauda(`${PATH}/${client}`, put(body)))).toEqual([
        404,
        'code_host_token_not_found',
        'client',
      ]);
  });

  it.each([
    ['api_token', {}],
    ['api_token', { api_token: '' }],
    ['api_token', { api_token: 'two\nlines' }],
    ['api_token', { api_token: 'häh' }],
    ['api_user', { ...body, api_user: 'alice:bob' }],
  ])('is refused for its %s', async (source, bad) => {
    expect(errorOf(await alauda(`${PATH}/Bitbucket`, put(bad)))).toEqual([422, expect.any(String), source]);
  });

  it('is for administrators of the namespace', async () => {
    const requests: readonly (readonly [string, RequestInit])[] = [
      [PATH, {}],
      [`${PATH}/GitHub`, {}],
      [`${PATH}/GitHub`, put(body)],
      [`${PATH}/GitHub`, { method: 'DELETE' }],
      [`${PATH}/GitHub/deliveries`, {}],
    ];
    for (const [path, init] of requests) {
      expect(errorOf(await bob(path, init))).toEqual([404, 'namespace_not_found', 'namespace']);
      expect(errorOf(await nobody(path, init))).toEqual([401, 'token_required', 'Authorization']);
    }
  });
});

describe('what a code host was told', () => {
  it('is listed with what it answered, of that namespace and host alone', async () => {
    const tell = async (namespace: string, client: 'GitHub' | 'Bitbucket'): Promise<string> => {
      const notificationId = randomUUID();
      const target = { kind: 'commit-status' as const, namespace, client };
      const answer = { status: 401, body: '{"message":"Bad credentials"}' };
      const events: readonly NotificationEvent[] = [
        {
          type: 'NotificationDue',
          data: { notificationId, target, topic: 'build.failed', buildId: randomUUID(), eventNumber: 3, at },
        },
        { type: 'NotificationAttempted', data: { notificationId, attempt: 1, until: at, at } },
        { type: 'NotificationGivenUp', data: { notificationId, attempt: 1, why: 'It said 401.', answer, at } },
      ];
      await append(house.store, notificationCodec, streams.notification(notificationId), events);
      return notificationId;
    };
    const id = await tell('alauda', 'GitHub');
    await tell('alauda', 'Bitbucket');
    await tell('bob', 'GitHub');
    await house.caughtUp();
    expect((await alauda(`${PATH}/GitHub/deliveries`)).body).toMatchObject({
      count: 1,
      results: [{ id, event: 'build.failed', status: 'given_up', response_status: 401, failure: 'It said 401.' }],
    });
  });
});
