import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { startGitServer, temporaryDirectory } from '@slipway/testing';
import { connectEngine } from '../builder/engine.js';
import { dockerBuilder } from '../builder/docker.builder.js';
import { BASE, cleanUp, engine, runBuild } from '../builder/testing/engine-fixture.js';
import { fetches } from '../source/git/git-source.fixtures.js';

const LIMIT_MS = 60_000;
const docker = engine();
afterAll(cleanUp, LIMIT_MS);
const infrastructure = (code: string): unknown => expect.objectContaining({ code, infrastructure: true });

/** A socket of the real engine that dies when it is told to. */
async function mortalEngine() {
  const { path, remove } = temporaryDirectory();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = createConnection({ path: process.env['SLIPWAY_DOCKER_HOST']!.slice('unix://'.length) });
    keep(client).pipe(keep(upstream)).pipe(client);
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
  });
  const socketPath = join(path, 'docker.sock');
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const die = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
    remove();
  };
  return { docker: connectEngine(`unix://${socketPath}`), die };
}

describe('an engine that dies', () => {
  it.each(['buildkit', 'classic'] as const)(
    'in the middle of a step is no failure of the Dockerfile (%s)',
    async (kind) => {
      const mortal = await mortalEngine();
      const { failure } = await runBuild({
        docker: mortal.docker,
        kind,
        files: { Dockerfile: `FROM ${BASE}\nRUN echo ${randomUUID()}; sleep 30\n` },
        request: {},
        onOutput: mortal.die,
      });
      expect(failure).toEqual(infrastructure('ENGINE_UNAVAILABLE'));
    },
    LIMIT_MS,
  );

  it(
    'before a push is no refusal of the registry',
    async () => {
      const built = await runBuild({ docker, kind: 'buildkit', files: { Dockerfile: `FROM ${BASE}\n` }, request: {} });
      const mortal = await mortalEngine();
      const builder = await dockerBuilder({ docker: mortal.docker, kind: 'buildkit' });
      mortal.die();
      const pushing = builder.push(
        { buildId: 'b', image: built.tag, repository: '127.0.0.1:1/a/b', tag: 'one', silenceTimeoutMs: 30_000 },
        { line: () => {} },
        AbortSignal.timeout(LIMIT_MS),
      );
      await expect(pushing).rejects.toEqual(infrastructure('ENGINE_UNAVAILABLE'));
    },
    LIMIT_MS,
  );
});

/** Mounting is for root alone. */
const asRoot = process.getuid?.() === 0 ? it : it.skip;

describe('a full disk', () => {
  asRoot(
    'under the workspace is no failure of the source',
    async () => {
      const server = await startGitServer();
      const files = { large: randomBytes(2_000_000).toString('hex') };
      const { cloneUrl } = await server.createRepository('large', files);
      const { path, remove } = temporaryDirectory();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'slipway-test', path]);
      try {
        await expect(fetches({ path }).fetch({ cloneUrl })).rejects.toEqual(infrastructure('DISK_FULL'));
      } finally {
        execFileSync('umount', ['--lazy', path]);
        remove();
        await server.stop();
      }
    },
    LIMIT_MS,
  );
});
