import { randomUUID } from 'node:crypto';
import {
  AddedHookView,
  type HookView,
  streams,
  type HookDeliveryView,
  type NotificationEvent,
  type NotificationEventOf,
} from '@slipway/contracts';
import { notificationCodec } from '@slipway/event-store';
import { callerWith, post, type Answer, type Call } from '../house/client.fixtures.js';
import { serveHooks } from '../house/hooks.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { append, at } from '../house/told.fixtures.js';

const PATH = '/v1/namespaces/alauda/hooks';
const body = { url: 'https://chat.example/slipway', events: ['build.failed'] };

let house: House;
let alauda: Call;
let bob: Call;
let nobody: Call;
let secrets: string[];

beforeAll(async () => {
  house = await openHouse();
  serveHooks(house, (secret) => secrets.push(secret));
  alauda = callerWith(house.url, await house.tokenOf('alauda'));
  bob = callerWith(house.url, await house.tokenOf('bob'));
  nobody = callerWith(house.url, undefined);
}, 30_000);
afterAll(() => house.stop());
beforeEach(() => {
  secrets = [];
});

const put = (what: unknown): RequestInit => ({ method: 'PUT', body: JSON.stringify(what) });
const add = async (): Promise<AddedHookView> => AddedHookView.parse((await alauda(PATH, post(body))).body);
const errorOf = ({ status, body: answered }: Answer): unknown => {
  const [error] = (answered as { readonly errors: readonly { code: string; source: string | null }[] }).errors;
  return [status, error?.code, error?.source];
};

describe('a hook', () => {
  it('is added, and its secret is shown once', async () => {
    const { secret, ...hook } = await add();
    expect(secrets).toEqual([secret]);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(hook).toMatchObject({ ...body, is_active: true, created_by: 'alauda' });
    expect((await alauda(`${PATH}/${hook.id}`)).body).toEqual(hook);
    const { results } = (await alauda(PATH)).body as { results: readonly HookView[] };
    expect(results).toContainEqual(hook);
    expect(JSON.stringify(results)).not.toContain(secret);
  });

  it('is changed, and removed', async () => {
    const { secret: _, ...hook } = await add();
    const change = { url: 'http://other.example/', events: ['build.succeeded', 'build.requested'], is_active: false };
    const { body: changed } = await alauda(`${PATH}/${hook.id}`, put(change));
    expect(changed).toEqual({ ...hook, ...change, updated_at: at });
    expect((await alauda(`${PATH}/${hook.id}`)).body).toEqual(changed);
    expect((await alauda(`${PATH}/${hook.id}`, { method: 'DELETE' })).status).toBe(204);
    expect(errorOf(await alauda(`${PATH}/${hook.id}`))).toEqual([404, 'hook_not_found', 'id']);
    expect(errorOf(await alauda(`${PATH}/${hook.id}`, put(change)))).toEqual([404, 'hook_not_found', 'id']);
  });

  it.each([
    ['url', { ...body, url: 'ftp://chat.example/' }],
    ['url', { ...body, url: 'https://user:password@chat.example/' }],
    ['url', { ...body, url: 'nowhere' }],
    ['events', { ...body, events: [] }],
    ['events', { ...body, events: ['build.failed', 'build.failed'] }],
    ['events.0', { ...body, events: ['everything'] }],
  ])('is refused for its %s', async (source, bad) => {
    expect(errorOf(await alauda(PATH, post(bad)))).toEqual([422, 'field_invalid', source]);
  });

  it('is for administrators of the namespace', async () => {
    const { id } = await add();
    const requests: readonly (readonly [string, RequestInit])[] = [
      [PATH, post(body)],
      [PATH, {}],
      [`${PATH}/${id}`, {}],
      [`${PATH}/${id}`, put(body)],
      [`${PATH}/${id}`, { method: 'DELETE' }],
      [`${PATH}/${id}/deliveries`, {}],
      [`${PATH}/${id}/deliveries/${id}/replay`, { method: 'POST' }],
    ];
    for (const [path, init] of requests) {
      expect(errorOf(await bob(path, init))).toEqual([404, 'namespace_not_found', 'namespace']);
      expect(errorOf(await nobody(path, init))).toEqual([401, 'token_required', 'Authorization']);
      const elsewhere = path.replace('alauda', 'bob');
      if (path.includes(id)) expect((await bob(elsewhere, init)).status).toBe(404);
    }
  });
});

describe('the deliveries of a hook', () => {
  const tell = (id: string, events: readonly NotificationEvent[]): Promise<void> =>
    append(house.store, notificationCodec, streams.notification(id), events);
  const due = (hookId: string, notificationId = randomUUID()): NotificationEventOf<'NotificationDue'> => ({
    type: 'NotificationDue',
    data: {
      notificationId,
      target: { kind: 'hook', namespace: 'alauda', hookId },
      topic: 'build.failed',
      buildId: randomUUID(),
      eventNumber: 3,
      at,
    },
  });
  const answer = { status: 500, body: 'oops' };

  it('show what was sent and what came back, and can be sent once more', async () => {
    const { id: hookId } = await add();
    const event = due(hookId);
    const { notificationId: id, buildId } = event.data;
    await tell(id, [
      event,
      { type: 'NotificationAttempted', data: { notificationId: id, attempt: 1, until: at, at } },
      {
        type: 'NotificationFailed',
        data: { notificationId: id, attempt: 1, why: 'It said 500.', answer, nextAt: at, at },
      },
    ]);
    await house.caughtUp();
    const path = `${PATH}/${hookId}/deliveries`;
    const shown = { id, event: 'build.failed', build_id: buildId, attempts: 1, created_at: at };
    const failed = {
      ...shown,
      status: 'pending',
      response_status: 500,
      response_body: 'oops',
      failure: 'It said 500.',
    };
    expect((await alauda(path)).body).toMatchObject({ count: 1, next: null, previous: null, results: [failed] });
    const replay = `${path}/${id}/replay`;
    expect(errorOf(await alauda(replay, { method: 'POST' }))).toEqual([409, 'hook_delivery_pending', 'delivery_id']);

    await tell(id, [
      { type: 'NotificationGivenUp', data: { notificationId: id, attempt: 1, why: 'Gone.', answer, at } },
    ]);
    await house.caughtUp();
    expect((await alauda(path)).body).toMatchObject({ results: [{ ...shown, status: 'given_up', failure: 'Gone.' }] });
    const replayed = await alauda(replay, { method: 'POST' });
    expect(replayed.status).toBe(202);
    expect(replayed.body).toMatchObject({ ...shown, status: 'pending', next_attempt_at: at });
    expect((await alauda(path)).body).toMatchObject({ results: [replayed.body] });
  });

  it('come newest first, twenty a page, and only those of the hook', async () => {
    const { id: hookId } = await add();
    const ids: string[] = [];
    for (let count = 0; count < 25; count++) {
      const event = due(hookId);
      ids.unshift(event.data.notificationId);
      await tell(event.data.notificationId, [event]);
    }
    const other = due(randomUUID());
    await tell(other.data.notificationId, [other]);
    await house.caughtUp();
    const pages = await Promise.all(
      [1, 2].map(async (page) => (await alauda(`${PATH}/${hookId}/deliveries?page=${page}`)).body),
    );
    const results = pages.flatMap((page) => (page as { results: readonly HookDeliveryView[] }).results);
    expect(results.map(({ id }) => id)).toEqual(ids);
    expect(pages).toMatchObject([
      { count: 25, next: `${house.url}${PATH}/${hookId}/deliveries?page=2`, previous: null },
      { count: 25, next: null },
    ]);
  });

  it('of another hook are not sent', async () => {
    const [{ id: mine }, { id: other }] = [await add(), await add()];
    const event = due(other);
    const { notificationId: id } = event.data;
    await tell(id, [event, { type: 'NotificationDelivered', data: { notificationId: id, attempt: 1, answer, at } }]);
    expect(errorOf(await alauda(`${PATH}/${mine}/deliveries/${id}/replay`, { method: 'POST' }))).toEqual([
      404,
      'hook_delivery_not_found',
      'delivery_id',
    ]);
  });
});
