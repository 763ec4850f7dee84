import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EventStoreDBClient,
  NO_STREAM,
  START,
  binaryEvent,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  type ReadableSubscription,
} from '@eventstore/db-client';
import { silentLogger } from '@slipway/platform';
import { readServerConfig } from '../config.js';
import { serve } from '../serve.js';
import { ServerFixture, event, eventually, events, failure, record } from './server.fixtures.js';

const server = new ServerFixture();
beforeAll(() => server.start());
afterAll(() => server.remove());

/** With credentials of its own an append is a call of its own; insecure servers ignore them. */
const UNARY = { credentials: { username: 'ada', password: 'lovelace' } };

describe('a unary append', () => {
  it('writes and answers as a batch append does', async () => {
    const both = [event(1), event(2)];
    const first = await server.client.appendToStream('unary', both, { ...UNARY, expectedRevision: NO_STREAM });
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n });
    expect(await server.client.appendToStream('unary', both, { expectedRevision: NO_STREAM })).toEqual(first);
  });

  it('raises the errors of the client', async () => {
    await server.client.appendToStream('unary-gone', event());
    const stale = server.client.appendToStream('unary-gone', event(), { ...UNARY, expectedRevision: 7n });
    expect(await failure(stale)).toMatchObject({
      type: 'wrong-expected-version',
      streamName: 'unary-gone',
      expectedVersion: 7n,
      actualVersion: 0n,
    });
    await server.client.tombstoneStream('unary-gone');
    const late = server.client.appendToStream('unary-gone', event(), UNARY);
    expect(await failure(late)).toMatchObject({ type: 'stream-deleted', streamName: 'unary-gone' });
    const large = [1, 2, 3].map(() => binaryEvent({ type: 'LogAppended', data: Buffer.alloc(400 * 1024) }));
    expect(await failure(server.client.appendToStream('unary-large', large, UNARY))).toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: 1024 * 1024,
    });
  });
});

describe('a delete', () => {
  it('raises the errors of the client, also for names that are not ASCII', async () => {
    const wrong = server.client.deleteStream('仓库', { expectedRevision: 3n });
    expect(await failure(wrong)).toMatchObject({ type: 'wrong-expected-version', actualVersion: 'no_stream' });
    await server.client.tombstoneStream('仓库');
    expect(await failure(server.client.deleteStream('仓库'))).toMatchObject({ type: 'stream-deleted' });
  });
});

describe('a read', () => {
  it('resolves links, also those that point nowhere', async () => {
    await server.client.appendToStream('target', events(2));
    const links = ['1@target', '9@target'].map((data) => binaryEvent({ type: '$>', data: Buffer.from(data) }));
    await server.client.appendToStream('links', links);
    const seen = [];
    for await (const { event: resolved, link } of server.client.readStream('links', { resolveLinkTos: true }))
      seen.push([resolved?.streamId, resolved?.revision, link?.streamId, link?.revision]);
    expect(seen).toEqual([
      ['target', 1n, 'links', 0n],
      [undefined, undefined, 'links', 1n],
    ]);
  });

  it('gives back every byte', async () => {
    const data = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const written = [
      binaryEvent({ type: 'Binär', data, metadata: data }),
      jsonEvent({ type: 'Json', data: { text: '构建' }, metadata: { $correlationId: 'c' } }),
    ];
    await server.client.appendToStream('字节', written);
    const seen = [];
    for await (const { event: read } of server.client.readStream('字节')) seen.push(read);
    expect(seen).toMatchObject(
      written.map(({ id, type }, revision) => ({ id, type, streamId: '字节', revision: BigInt(revision) })),
    );
    expect(Buffer.from(seen[0]?.data as Uint8Array).equals(data)).toBe(true);
    expect(Buffer.from(seen[0]?.metadata as Uint8Array).equals(data)).toBe(true);
    expect(seen[1]).toMatchObject({ data: { text: '构建' }, metadata: { $correlationId: 'c' }, isJson: true });
  });

  it('shows a tombstone in $all as the last event a stream can have', async () => {
    await server.client.appendToStream('buried', event());
    await server.client.tombstoneStream('buried');
    for await (const { event: last } of server.client.readAll({
      direction: 'backwards',
      fromPosition: 'end',
      maxCount: 1,
    }))
      expect(last).toMatchObject({ streamId: 'buried', type: '$streamDeleted', revision: 2n ** 63n - 1n });
  });
});

describe('the server', () => {
  it('is its own leader for a client that discovers it', async () => {
    const client = EventStoreDBClient.connectionString`esdb+discover://127.0.0.1:${server.served.port}?tls=false`;
    expect(await client.appendToStream('discovered', event())).toMatchObject({ success: true });
    await client.dispose();
  });

  it('says what it does not serve', async () => {
    const subscribing = server.client.createPersistentSubscriptionToStream(
      'any',
      'group',
      persistentSubscriptionToStreamSettingsFromDefaults(),
    );
    expect(await failure(subscribing)).toMatchObject({ code: 12 });
  });

  it('is ready while it can write', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.served.healthPort}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok', checks: { file: 'ok' } }]);
  });

  it('stops so that clients come back by themselves', async () => {
    await server.client.appendToStream('before', event());
    const said = record(server.client.subscribeToAll({ fromPosition: START }));
    await eventually(() => said.includes('caught-up'));
    const writing = Array.from({ length: 50 }, () => server.client.appendToStream('during', event()));
    const { port } = server.served;
    const stopping = server.served.stop();
    const outcomes = await Promise.allSettled(writing);
    await stopping;
    await eventually(() => said.includes('error unavailable'));
    await server.start(port);
    let revision: bigint | undefined;
    for (let tries = 0; revision === undefined && tries < 50; tries++)
      revision = await server.client.appendToStream('during', event()).then(
        (answer) => answer.nextExpectedRevision,
        () => undefined,
      );
    const acknowledged = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(Number(revision)).toBeGreaterThanOrEqual(acknowledged);
  }, 60_000);
});

describe('a secure server', () => {
  const secure = new ServerFixture();
  const certificate = join(secure.directory, 'node.crt');
  const key = join(secure.directory, 'node.key');
  const connect = (user: string, password: string) =>
    EventStoreDBClient.connectionString(
      `esdb://${user}:${password}@localhost:${secure.served.port}?tlsCAFile=${certificate}`,
    );

  beforeAll(async () => {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const request = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '1',
      '-keyout',
      key,
      '-out',
      certificate,
    ];
    execFileSync('openssl', [...request, ...subject], { stdio: 'ignore' });
    const config = readServerConfig({
      EVENT_STORE_FILE: join(secure.directory, 'events.db'),
      EVENT_STORE_HOST: '0.0.0.0',
      EVENT_STORE_PORT: '0',
      EVENT_STORE_TLS_CERT: certificate,
      EVENT_STORE_TLS_KEY: key,
      EVENT_STORE_USER: 'ada',
      EVENT_STORE_PASSWORD: 'lovelace',
    });
    secure.served = await serve(config, silentLogger);
    secure.client = connect('ada', 'lovelace');
  });
  afterAll(() => secure.remove());

  it('serves a client that knows the password', async () => {
    expect(readFileSync(certificate, 'utf8')).toContain('BEGIN CERTIFICATE');
    await secure.client.appendToStream('secret', event());
    const said = record(secure.client.subscribeToStream('secret') as never as ReadableSubscription<never>);
    await eventually(() => said.includes('secret@0'));
  });

  it.each([
    ['ada', 'wrong'],
    ['eve', 'lovelace'],
  ])('refuses every call of %s with %s', async (user, password) => {
    const client = connect(user, password);
    const denied = { type: 'access-denied' };
    expect(await failure(client.appendToStream('secret', event()))).toMatchObject(denied);
    expect(await failure(client.deleteStream('secret'))).toMatchObject(denied);
    const reading = async () => {
      for await (const _ of client.readStream('secret'));
    };
    expect(await failure(reading())).toMatchObject(denied);
    const wrongForOneCall = { credentials: { username: user, password } };
    expect(await failure(secure.client.appendToStream('secret', event(), wrongForOneCall))).toMatchObject(denied);
    await client.dispose();
  });
});
