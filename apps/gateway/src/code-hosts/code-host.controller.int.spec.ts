import { commandEnvelope, commandSubjects, PinHostKeysCommand, querySubjects } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import { z } from 'zod';
import { callerWith } from '../house/client.fixtures.js';
import { rethrow } from '../house/commands.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const FINGERPRINT = 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU';
const viewOf = (host: string, pinned_by: string | null = null) => ({
  host,
  keys: [{ type: 'ssh-ed25519', public_key: KEY, fingerprint: FINGERPRINT }],
  pinned_by,
  pinned_at: pinned_by === null ? null : '2026-11-23T10:00:00.000Z',
});

let house: House;
let admin: ReturnType<typeof callerWith>;
let alice: ReturnType<typeof callerWith>;
/** What was asked of the service: hosts, and who asked. */
const pinned: unknown[] = [];

beforeAll(async () => {
  house = await openHouse();
  const common = { queue: 'repository', onError: rethrow };
  serve(house.nats, {
    ...common,
    subject: querySubjects.hostKeys,
    schema: z.object({}),
    handle: () => Promise.resolve({ hosts: [viewOf('github.com')] }),
  });
  serve(house.nats, {
    ...common,
    subject: commandSubjects.pinHostKeys,
    schema: commandEnvelope(PinHostKeysCommand),
    handle: ({ actor, command: { host, body } }) => {
      pinned.push({ actor, host, keys: body.keys });
      return Promise.resolve({ hosts: [viewOf('github.com'), viewOf(host, actor)] });
    },
  });
  serve(house.nats, {
    ...common,
    subject: commandSubjects.unpinHostKeys,
    schema: z.object({ command: z.object({ host: z.string() }) }),
    handle: ({ command: { host } }) =>
      host === 'pinned.example'
        ? Promise.resolve({ hosts: [] })
        : Promise.reject(new AppError('HOST_KEYS_NOT_FOUND', { host })),
  });
  admin = callerWith(house.url, await house.tokenOf('admin', { isAdmin: true }));
  alice = callerWith(house.url, await house.tokenOf('alice'));
}, 30_000);
afterAll(() => house.stop());

const put = (call: typeof admin, host: string, body: unknown) =>
  call(`/v1/code-hosts/host-keys/${encodeURIComponent(host)}`, { method: 'PUT', body: JSON.stringify(body) });

describe('code hosts', () => {
  it('are listed with their addresses and the keys they may show', async () =>
    expect(await alice('/v1/code-hosts')).toMatchObject({
      status: 200,
      body: {
        code_hosts: [
          {
            code_repo_client: 'GitHub',
            base_url: 'https://github.com',
            public_clone_url: 'https://github.com/{owner}/{project}.git',
            key_clone_url: 'git@github.com:{owner}/{project}.git',
          },
          { code_repo_client: 'Bitbucket' },
          { code_repo_client: 'OSChina' },
          { code_repo_client: 'GitCafe', base_url: null, public_clone_url: null, key_clone_url: null },
        ],
        host_keys: [viewOf('github.com')],
      },
    }));

  it('have their keys pinned by an administrator, without comments', async () => {
    const answer = await put(admin, 'git.example:2222', { keys: [`${KEY} from ssh-keyscan`] });
    expect(answer).toMatchObject({ status: 200, body: viewOf('git.example:2222', 'admin') });
    expect(pinned).toEqual([{ actor: 'admin', host: 'git.example:2222', keys: [KEY] }]);
  });

  it('have their keys pinned and unpinned by nobody else', async () => {
    const before = pinned.length;
    expect(await put(alice, 'git.example', { keys: [KEY] })).toMatchObject({ status: 403 });
    expect(await alice('/v1/code-hosts/host-keys/pinned.example', { method: 'DELETE' })).toMatchObject({ status: 403 });
    expect(await callerWith(house.url, undefined)('/v1/code-hosts')).toMatchObject({ status: 401 });
    expect(pinned).toHaveLength(before);
  });

  it('are unpinned', async () => {
    expect(await admin('/v1/code-hosts/host-keys/pinned.example', { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await admin('/v1/code-hosts/host-keys/other.example', { method: 'DELETE' })).toMatchObject({ status: 404 });
  });

  it.each([
    ['no key at all', 'git.example', { keys: [] }, 'keys'],
    ['no OpenSSH key', 'git.example', { keys: ['-----BEGIN CERTIFICATE-----'] }, 'keys.0'],
    ['a key of another type than it says', 'git.example', { keys: [KEY.replace('ed25519', 'rsa')] }, 'keys.0'],
    ['two lines', 'git.example', { keys: [`${KEY}\n@cert-authority * ${KEY}`] }, 'keys.0'],
    ['a pattern for a host', '*', { keys: [KEY] }, undefined],
    ['two hosts', 'a.example,b.example', { keys: [KEY] }, undefined],
  ])('are not pinned by %s', async (_, host, body, source) => {
    const answer = await put(admin, host, body);
    expect(answer).toMatchObject({ status: 422, body: { errors: [source === undefined ? {} : { source }] } });
  });
});
