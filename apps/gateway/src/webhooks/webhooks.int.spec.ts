import { randomBytes, randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  commandEnvelope,
  commandSubjects,
  IssueWebhookCommand,
  ReceiveDeliveryCommand,
  ReplayDeliveryCommand,
  streams,
  type DeliveryEvent,
  type RepositoryEvent,
} from '@slipway/contracts';
import { deliveryCodec, repositoryCodec } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import { repositoryEvents } from '@slipway/read-model/fixtures';
import { callerWith, post, type Call } from '../house/client.fixtures.js';
import { replyWith, rethrow } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { append, at } from '../house/told.fixtures.js';

const LIMIT_MS = 30_000;
const CODE = 'c'.repeat(32);
const PATH = '/v1/repositories/alice/app';
const HOOK = `/v1/webhooks/${CODE}`;
const commit = 'a'.repeat(40);
const buildId = randomUUID();
const runId = randomUUID();
const change = { refType: 'branch', refName: 'main', commit } as const;
const payload = { ref: 'refs/heads/main', after: commit };

let house: House;
let anybody: Call;
let alice: Call;
/** What the service was asked, body unzipped. */
let asked: { readonly code: string; readonly headers: Record<string, string>; readonly body: Buffer }[];
let secrets: string[];
let isWaiting = false;

const received = (deliveryId: string): DeliveryEvent => ({
  type: 'DeliveryReceived',
  data: {
    code: CODE,
    namespace: 'alice',
    repoName: 'app',
    configId: 3,
    client: 'GitHub',
    deliveryId,
    runId,
    event: 'push',
    digest: 'd'.repeat(64),
    changes: [change],
    note: null,
    mustConfirm: false,
    at,
  },
});
const matched: DeliveryEvent = {
  type: 'DeliveryMatched',
  data: { ...change, runId, tagConfigId: 1, dockerRepoTag: 'latest', imageTag: 'latest', buildId, at },
};
const issued = (code: string, isSealed: boolean): RepositoryEvent => ({
  type: 'WebhookIssued',
  data: {
    configId: 3,
    code,
    secret: isSealed ? { keyId: '00000000', iv: '', tag: '', ciphertext: '' } : null,
    issuedBy: 'alice',
    at,
  },
});

beforeAll(async () => {
  house = await openHouse({
    limits: { anonymous: 1e6, caller: 1e6, writes: 1e6, webhooks: 20, failures: 1e6, logins: 1e6 },
  });
  anybody = callerWith(house.url, undefined);
  alice = callerWith(house.url, await house.tokenOf('alice'));
  await house.tell.repository('alice.app', [...repositoryEvents('alice', 'app'), issued(CODE, false)]);
  await house.caughtUp();
  const common = { queue: 'repository', onError: rethrow };
  serve(house.nats, {
    ...common,
    subject: commandSubjects.receiveDelivery,
    schema: ReceiveDeliveryCommand,
    handle: async ({ code, headers, body }) => {
      asked.push({ code, headers, body: gunzipSync(Buffer.from(body, 'base64')) });
      if (headers['x-hub-signature-256'] === 'sha256=bad') throw new AppError('WEBHOOK_PROOF_INVALID');
      const deliveryId = headers['x-github-delivery'] ?? randomUUID();
      const stream = streams.delivery(code, deliveryId);
      const end: DeliveryEvent = isWaiting
        ? { type: 'DeliveryDelayed', data: { runId, why: 'QUOTA_EXCEEDED', at } }
        : { type: 'DeliveryCompleted', data: { runId, at } };
      await append(house.store, deliveryCodec, stream, [received(deliveryId), matched, end]);
      return replyWith(house.store, deliveryCodec, stream);
    },
  });
  serve(house.nats, {
    ...common,
    subject: commandSubjects.issueWebhook,
    schema: commandEnvelope(IssueWebhookCommand),
    handle: async ({ command: { code, secret } }) => {
      secrets.push(secret);
      const stream = streams.repository('alice', 'app');
      await append(house.store, repositoryCodec, stream, [issued(code, true)]);
      return replyWith(house.store, repositoryCodec, stream);
    },
  });
  serve(house.nats, {
    ...common,
    subject: commandSubjects.replayDelivery,
    schema: commandEnvelope(ReplayDeliveryCommand),
    handle: ({ command: { code, deliveryId } }) =>
      replyWith(house.store, deliveryCodec, streams.delivery(code, deliveryId)),
  });
  await house.nats.flush();
}, LIMIT_MS);
afterAll(() => house.stop());
beforeEach(() => {
  asked = [];
  secrets = [];
  isWaiting = false;
});

const deliver = (body: unknown = payload, headers: Record<string, string> = {}) =>
  anybody(HOOK, { ...post(body), headers });

describe('a delivery of a code host', () => {
  it('reaches the service byte by byte, whatever its type, with the headers that say whose it is', async () => {
    const text = `{ "ref":\t"refs/heads/main" ,"after":"${commit}"}\n`;
    const id = randomUUID();
    const sent = { 'x-github-event': 'push', 'x-github-delivery': id, 'x-hub-signature-256': 'sha256=00' };
    const answer = await deliver(text, { ...sent, 'content-type': 'application/x-www-form-urlencoded', cookie: 'c' });
    expect(answer).toMatchObject({
      status: 200,
      body: { builds: [buildId], skipped: [], delivery_id: id, status: 'done', waiting_for: null },
    });
    const headers = { ...sent, 'content-type': 'application/x-www-form-urlencoded' };
    expect(asked).toEqual([{ code: CODE, headers, body: Buffer.from(text) }]);
  });

  it('is answered with 202 while something is in its way', async () => {
    isWaiting = true;
    expect(await deliver()).toMatchObject({
      status: 202,
      body: { builds: [buildId], status: 'waiting', waiting_for: 'quota_exceeded' },
    });
  });

  it('is refused as everything is refused here', async () => {
    expect(await deliver(payload, { 'x-hub-signature-256': 'sha256=bad' })).toMatchObject({
      status: 403,
      body: { errors: [{ code: 'webhook_proof_invalid' }] },
    });
    expect(await anybody('/v1/webhooks/short', post(payload))).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'webhook_not_found', source: 'code' }] },
    });
    expect(await deliver(randomBytes(2_000_000).toString('hex'))).toMatchObject({ status: 413 });
    expect(await deliver('x'.repeat(5 * 1024 * 1024 + 1))).toMatchObject({ status: 413 });
    expect(asked).toHaveLength(1);
  });

  it('may be larger than what else is taken', async () => {
    expect(await deliver({ ...payload, more: 'x'.repeat(3_000_000) })).toMatchObject({ status: 200 });
  });

  it('counts against the limit of its webhook alone', async () => {
    const other = `/v1/webhooks/${'d'.repeat(32)}`;
    const statuses = await Promise.all(
      Array.from({ length: 25 }, async () => (await anybody(other, post(payload))).status),
    );
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(await deliver()).toMatchObject({ status: 200 });
  });

  it('has a type that is nothing special elsewhere', async () => {
    const headers = { 'content-type': 'application/x-slipway-raw' };
    expect(await alice('/v1/builds', { ...post({}), headers })).toMatchObject({ status: 415 });
  });
});

describe('deliveries', () => {
  it('are listed and shown to those inside, and to nobody else', async () => {
    const id = randomUUID();
    await deliver(payload, { 'x-github-delivery': id });
    await house.caughtUp();
    const view = { id, event: 'push', refs: [{ ref: 'refs/heads/main', commit }], status: 'done', builds: [buildId] };
    expect(await alice(`${PATH}/deliveries`)).toMatchObject({
      status: 200,
      body: { results: expect.arrayContaining([expect.objectContaining({ id })]) },
    });
    expect(await alice(`${PATH}/deliveries/${id}`)).toMatchObject({ status: 200, body: view });
    expect(await alice(`${PATH}/deliveries/${randomUUID()}`)).toMatchObject({ status: 404 });
    expect(await anybody(`${PATH}/deliveries`)).toMatchObject({ status: 401 });
    const mallory = callerWith(house.url, await house.tokenOf('mallory'));
    expect((await mallory(`${PATH}/deliveries`)).status).toBeGreaterThanOrEqual(403);
  });

  it('are replayed, and a dry run names no builds', async () => {
    const id = randomUUID();
    await deliver(payload, { 'x-github-delivery': id });
    await house.caughtUp();
    const replay = (query = '') => alice(`${PATH}/deliveries/${id}/replay${query}`, { method: 'POST' });
    expect(await replay('?dry_run=true')).toMatchObject({
      status: 200,
      body: { dry_run: true, builds: [], matched: [{ docker_repo_tag: 'latest', commit }] },
    });
    expect(await replay()).toMatchObject({ status: 200, body: { dry_run: false, builds: [buildId] } });
  });
});

describe('the webhook of a build config', () => {
  const codeIn = async (call: Call): Promise<unknown> =>
    ((await call(`${PATH}/build-config`)).body as { code_repo_webhook_code?: unknown }).code_repo_webhook_code;

  it('is shown to those who may build', async () => {
    expect(await codeIn(alice)).toBe(CODE);
    expect(await codeIn(anybody)).not.toBe(CODE);
    expect(await alice(`${PATH}/build-config/webhook`)).toMatchObject({
      status: 200,
      body: { url: expect.stringMatching(new RegExp(`/v1/webhooks/${CODE}$`)), code: CODE, has_secret: false },
    });
  });

  it('is issued anew, with a secret that is shown once', async () => {
    const answer = await alice(`${PATH}/build-config/webhook`, { method: 'POST' });
    expect(answer).toMatchObject({ status: 201, body: { secret: secrets[0], has_secret: true } });
    await house.caughtUp();
    const shown = await alice(`${PATH}/build-config/webhook`);
    expect(shown.body).toMatchObject({ has_secret: true, code: (answer.body as { code: string }).code });
    expect(JSON.stringify(shown.body)).not.toContain(secrets[0]);
  });
});
