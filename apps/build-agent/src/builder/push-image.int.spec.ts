import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Secret } from '@slipway/platform';
import { serverProgram, spawnGuarded, temporaryDirectory, until } from '@slipway/testing';
import type { Builder, PushedImage, PushRequest, RegistryCredentials } from './builder.js';
import { dockerBuilder } from './docker.builder.js';
import {
  BASE,
  cleanUp,
  engine,
  type Recorded,
  registryAddress,
  registryCredentials,
  runBuild,
} from './testing/engine-fixture.js';
import { loginFor } from './registry-host.js';

const SLOW = 60_000; // ms
const docker = engine();
const never = new AbortController().signal;
const stops: (() => unknown)[] = [];
let builder: Builder;
let built: Recorded;

beforeAll(async () => {
  builder = await dockerBuilder({ docker });
  built = await runBuild({
    docker,
    kind: 'buildkit',
    files: { Dockerfile: `FROM ${BASE}\nRUN echo ${randomUUID()} > /x\n` },
    request: {},
  });
}, SLOW);

afterAll(async () => {
  await cleanUp();
  await Promise.all(stops.map((stop) => stop()));
});

async function push(request: Partial<PushRequest>): Promise<{ pushed: PushedImage; lines: string[] }> {
  const lines: string[] = [];
  const whole: PushRequest = {
    buildId: 'b',
    image: built.tag,
    repository: `${registryAddress()}/slipway-test/push-${randomUUID()}`,
    tag: 'one',
    silenceTimeoutMs: 30_000,
    credentials: registryCredentials(),
    ...request,
  };
  const pushed = await builder.push(whole, { line: (text) => void lines.push(text) }, never);
  return { pushed, lines };
}

/** What the registry itself calls the manifest. */
async function digestInRegistry(name: string, tag: string): Promise<{ digest: string | null; bytes: number }> {
  const [host, ...path] = name.split('/');
  const Accept = 'application/vnd.docker.distribution.manifest.v2+json';
  const login = loginFor(registryCredentials(), host ?? '');
  const authorization = login && `Basic ${btoa(`${login.username}:${login.password.reveal()}`)}`;
  const headers = { Accept, ...(authorization && { authorization }) };
  const answer = await fetch(`http://${host}/v2/${path.join('/')}/manifests/${tag}`, { headers });
  return { digest: answer.headers.get('docker-content-digest'), bytes: (await answer.arrayBuffer()).byteLength };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const LOGIN = { username: 'user', password: new Secret('ours') };
/** The same login as a registry keeps it (bcrypt, cost 5). */
const HTPASSWD = 'user:$2y$05$Ur7fbZ8k1qYw3mXv5nTo2emMhhnz3rCOj3nnwu9kyhC.f2qIDdqRu\n';

/** A registry that lets in nothing but `LOGIN`. */
async function startLockedRegistry(): Promise<string> {
  const { path } = temporaryDirectory();
  const address = `127.0.0.1:${await freePort()}`;
  writeFileSync(join(path, 'htpasswd'), HTPASSWD);
  const config = `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${path}/data}}
http: {addr: "${address}"}
auth: {htpasswd: {realm: test, path: ${path}/htpasswd}}
`;
  writeFileSync(join(path, 'config.yml'), config);
  const registry = await spawnGuarded({
    command: serverProgram('docker-registry'),
    args: ['serve', join(path, 'config.yml')],
  });
  stops.push(() => registry.stop());
  await until(async () => (await fetch(`http://${address}/v2/`)).status === 401, {
    limitMs: 10_000,
    what: 'the registry',
  });
  return address;
}

describe('a push', () => {
  it(
    'gives the digest that the registry has, in a few lines, twice the same',
    async () => {
      const name = `${registryAddress()}/slipway-test/push-${randomUUID()}`;
      const { pushed, lines } = await push({ repository: name, tag: 'one' });
      const { digest, bytes } = await digestInRegistry(name, 'one');
      expect(pushed).toEqual({ digest, size: bytes });
      expect(lines.length).toBeLessThan(6);
      expect((await push({ repository: name, tag: 'one' })).pushed).toEqual(pushed);
    },
    SLOW,
  );

  it(
    'sends the given tag and no other',
    async () => {
      const name = `${registryAddress()}/slipway-test/push-${randomUUID()}`;
      await docker.getImage(built.tag).tag({ repo: name, tag: 'private' });
      await push({ repository: name, tag: 'public' });
      expect((await digestInRegistry(name, 'public')).digest).toMatch(/^sha256:/);
      expect((await digestInRegistry(name, 'private')).digest).toBeNull();
      await builder.remove(`${name}:private`);
    },
    SLOW,
  );

  it(
    'under one name by two builds at once gives each its own image',
    async () => {
      const Dockerfile = `FROM ${BASE}\nRUN echo ${randomUUID()} > /y\n`;
      const second = await runBuild({ docker, kind: 'buildkit', files: { Dockerfile }, request: {} });
      const name = `${registryAddress()}/slipway-test/push-${randomUUID()}`;
      const [one, other] = await Promise.all([built.tag, second.tag].map((image) => push({ image, repository: name })));
      expect(one!.pushed.digest).not.toBe(other!.pushed.digest);
      expect((await digestInRegistry(name, 'one')).digest).toBe(other!.pushed.digest);
      await expect(docker.getImage(`${name}:one`).inspect()).rejects.toEqual(
        expect.objectContaining({ statusCode: 404 }),
      );
    },
    SLOW,
  );

  it(
    'to a registry that is not there may be tried again',
    async () => {
      const dead = push({ repository: `127.0.0.1:${await freePort()}/a/b` });
      await expect(dead).rejects.toEqual(
        expect.objectContaining({ code: 'REGISTRY_UNAVAILABLE', infrastructure: true }),
      );
    },
    SLOW,
  );

  it(
    'of an image that is not there fails',
    async () => {
      await expect(push({ image: 'slipway-test/missing:1' })).rejects.toEqual(
        expect.objectContaining({ code: 'PUSH_FAILED' }),
      );
    },
    SLOW,
  );
});

describe('credentials', () => {
  it(
    'go to the registry they belong to, and to no other that a Dockerfile names',
    async () => {
      const [ours, other] = await Promise.all([startLockedRegistry(), startLockedRegistry()]);
      const credentials: RegistryCredentials = new Map([[ours, LOGIN]]);
      await push({ repository: `${ours}/a/base`, tag: '1', credentials });
      await push({ repository: `${other}/a/base`, tag: '1', credentials: new Map([[other, LOGIN]]) });
      const refusedPush = push({ repository: `${other}/a/base`, tag: '2', credentials });
      await expect(refusedPush).rejects.toEqual(expect.objectContaining({ code: 'PUSH_FAILED' }));

      for (const kind of ['buildkit', 'classic'] as const) {
        const asked: [string, boolean][] = [];
        const from = (host: string): Promise<Recorded> =>
          runBuild({
            docker,
            kind,
            files: { Dockerfile: `FROM ${host}/a/base:1\n` },
            request: { credentials },
            onCredentialsAsked: (asking, isKnown) => void asked.push([asking, isKnown]),
          });
        const mine = await from(ours);
        expect(mine.failure).toBeUndefined();
        expect((await from(other)).failure).toEqual(expect.objectContaining({ code: 'BASE_IMAGE_NOT_FOUND' }));
        await mine.remove();
        await builder.remove(`${ours}/a/base:1`);
        if (kind === 'classic') continue;
        expect(asked).toContainEqual([ours, true]);
        expect(asked.filter(([host, isKnown]) => host !== ours && isKnown)).toEqual([]);
        expect(asked).toContainEqual([other, false]);
      }
    },
    SLOW,
  );
});
