import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { streams, type BuildSpec, type Failure, type UserEvent } from '@slipway/contracts';
import {
  commandHandler,
  createMemoryEventStore,
  userCodec,
  type EventStore,
  type StoredEvent,
} from '@slipway/event-store';
import { Secret } from '@slipway/platform';
import { append, buildHistory, buildIdOf, repositoryHistory, userHistory } from '@slipway/read-model/fixtures';
import { until } from '@slipway/testing';
import { SMTPServer } from 'smtp-server';
import { PUBLIC_URL, runNotifier, type RunningNotifier } from '../notifier.fixtures.js';
import { mailChannel } from './mail.channel.js';

const LAST = 'BuildFailed';

/** Status and text of what the server answers to the next mail; undefined: it takes it. */
let refusal: readonly [code: number, text: string] | undefined;
let mails: { readonly to: readonly string[]; readonly source: string }[];
let tries: number;
let server: SMTPServer;
let store: EventStore;
let notifier: RunningNotifier;

const refused = ([responseCode, text]: readonly [number, string]): Error =>
  Object.assign(new Error(text), { responseCode });

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, { envelope }, done) =>
      void buffer(stream).then((bytes) => {
        tries++;
        if (refusal) return done(refused(refusal));
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), source: bytes.toString() });
        return done();
      }),
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => new Promise<void>((closed) => server.close(closed)));
beforeEach(() => {
  [refusal, mails, tries] = [undefined, [], 0];
  store = createMemoryEventStore();
  const { port } = server.server.address() as AddressInfo;
  const settings = { smtpUrl: new Secret(`smtp://127.0.0.1:${port}`), from: 'Slipway <slipway@builds.example>' };
  const mail = mailChannel({ store, publicUrl: PUBLIC_URL, settings });
  const other = () => Promise.reject(new Error('only mail here'));
  notifier = runNotifier(store, { channels: { hook: other, 'commit-status': other, mail }, mails: true });
});
afterEach(() => notifier.stop());

const failure = (over: Partial<Failure> = {}): Failure => ({
  code: 'DOCKERFILE_STEP_FAILED',
  message: 'RUN make: exit code 2',
  step: '[2/2] RUN make',
  exitCode: 2,
  lastLines: ['make: nothing to do', 'make: error'],
  ...over,
});

/** A build of alice's that has failed, and the user as she is registered. */
async function tellFailedBuild(
  spec: Partial<BuildSpec> = {},
  {
    why = failure(),
    email = 'alice@example.com',
    later = [],
  }: { why?: Failure; email?: string | null; later?: readonly UserEvent[] } = {},
): Promise<void> {
  const { stream, events } = userHistory('alice');
  const [registered, ...others] = events;
  const withAddress = { ...registered, data: { ...(registered?.data as object), email } } as (typeof events)[number];
  await append(store, [{ stream, events: email === null ? events : [withAddress, ...others] }]);
  const asTold = { initial: undefined, decide: () => later, evolve: () => undefined };
  await commandHandler(store, asTold, userCodec)(stream, undefined, {
    commandId: randomUUID(),
    at: '2026-11-26T10:00:00.000Z',
    actor: 'user:alice',
    correlationId: 'test',
  });
  await append(store, [repositoryHistory('alice', 'app')]);
  const history = buildHistory(1, { end: 'failed', spec: { emailEnabled: true, ...spec } });
  const told = history.events.map((event) =>
    event.type === LAST ? { ...event, data: { ...(event.data as object), failure: why } } : event,
  );
  await append(store, [{ stream: history.stream, events: told }]);
}

/** What happened to the one notification. */
async function notified(): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  const all = { after: undefined, prefixes: [streams.notification('')], signal: AbortSignal.timeout(2_000) };
  for await (const item of store.subscribeAll(all)) {
    if (item.kind === 'caught-up') return events;
    if (item.kind === 'event') events.push(item.event);
  }
  return events;
}
const lastOf = async (type: string): Promise<StoredEvent | undefined> =>
  (await notified()).findLast((event) => event.type === type);

/** Quoted-printable, as far as these mails use it. */
const readable = (source: string): string =>
  source
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
const headersOf = (source: string): string => source.slice(0, source.indexOf('\r\n\r\n')).replaceAll('\r\n ', ' ');

describe('a mail', () => {
  it('tells the owner what became of the build, as text and as HTML', async () => {
    await tellFailedBuild();
    const { to, source } = await until(() => mails[0]);
    expect(to).toEqual(['alice@example.com']);
    const headers = headersOf(source);
    expect(headers).toContain('Subject: [slipway] alice/app:latest failed (552819)');
    expect(headers).toContain('From: Slipway <slipway@builds.example>');
    expect(headers).toMatch(/^Message-ID: <[0-9a-f-]{36}@slipway\.example>$/im);
    expect(headers).toContain('Content-Type: multipart/alternative');
    const [, text = '', html = ''] = source.split(/Content-Type: text\/(?:plain|html)/).map(readable);
    for (const part of [text, html])
      for (const said of ['552819d5c903472a36696e8ac620ac250e49829d', 'RUN make: exit code 2', 'make: error', ' s'])
        expect(part).toContain(said);
    expect(text).toContain(`${PUBLIC_URL}/v1/builds/${buildIdOf(1)}`);
    expect(html).toContain(`<a href="${PUBLIC_URL}/v1/builds/${buildIdOf(1)}">`);
    expect((await until(() => lastOf('NotificationDelivered'))).data).toMatchObject({ answer: { status: 250 } });
  });

  it('lets nobody write headers or HTML', async () => {
    const hostile = '<script>alert(1)</script>\r\nBcc: eve@example.com\r\n\r\n<b>';
    const why = failure({ message: hostile, step: hostile, lastLines: [hostile] });
    await tellFailedBuild({ refName: hostile, dockerRepoTag: 'latest', codePath: hostile }, { why });
    const { to, source } = await until(() => mails[0]);
    expect(to).toEqual(['alice@example.com']);
    expect(headersOf(source)).not.toMatch(/^Bcc:/im);
    const [, , html = ''] = source.split(/Content-Type: text\/(?:plain|html)/).map(readable);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; Bcc');
    expect(html).not.toMatch(/<script|<b>/);
  });

  it('is sent again after a refusal for now, under the same id', async () => {
    refusal = [451, 'greylisted'];
    await tellFailedBuild();
    await until(() => tries === 2);
    refusal = undefined;
    await until(() => lastOf('NotificationDelivered'));
    expect(mails).toHaveLength(1);
    expect((await lastOf('NotificationFailed'))?.data).toMatchObject({ why: 'The mail server answered 451.' });
  });

  it('is given up after a refusal for good', async () => {
    refusal = [550, 'no such mailbox'];
    await tellFailedBuild();
    const { data } = await until(() => lastOf('NotificationGivenUp'));
    expect(data).toMatchObject({ why: 'The mail server answered 550.', answer: { status: 550 } });
    expect(tries).toBe(1);
  });

  it('goes to the address that the user said last', async () => {
    const data = { name: 'alice', email: 'a@example.org', by: 'alice', at: '2026-11-26T10:00:00.000Z' };
    await tellFailedBuild({}, { later: [{ type: 'EmailChanged', data }] });
    expect((await until(() => mails[0])).to).toEqual(['a@example.org']);
  });

  it('is not sent to somebody without an address, and that is said', async () => {
    await tellFailedBuild({}, { email: null });
    const { data } = await until(() => lastOf('NotificationGivenUp'));
    expect(data).toMatchObject({ why: 'The user has no address.' });
    expect(tries).toBe(0);
  });

  it('is sent only where the build config wants it', async () => {
    await tellFailedBuild({ emailEnabled: false });
    await until(() => notifier.isCaughtUp());
    await append(store, [buildHistory(2, { spec: { emailEnabled: true } })]);
    const { source } = await until(() => mails[0]); // the first would have come before
    expect(headersOf(source)).toContain('Subject: [slipway] alice/app:latest succeeded (552819)');
    expect(mails).toHaveLength(1);
  });
});
