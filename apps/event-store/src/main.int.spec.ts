import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

const ARGUMENTS = [
  '--import',
  join(import.meta.dirname, '../../../tools/ts-hook.mjs'),
  join(import.meta.dirname, 'main.ts'),
];
const directory = mkdtempSync(join(tmpdir(), 'slipway event store ')); // with spaces
const environment = {
  ...process.env,
  EVENT_STORE_FILE: join(directory, 'new', 'events.db'),
  EVENT_STORE_PORT: '0',
  NODE_OPTIONS: '',
};
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs one command to its end. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): { code: number | null; says: string } {
  const options = { env: { ...environment, ...env }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...ARGUMENTS, ...args], options);
  return { code: status, says: stdout + stderr };
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly healthPort: number;
}

async function start(): Promise<Running> {
  const child = spawn(process.execPath, ARGUMENTS, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const { port, healthPort } = JSON.parse(line) as Partial<Running>;
    if (port && healthPort) return { child, port, healthPort };
  }
  throw new Error('the server ended before it was ready');
}

async function stop({ child }: Running): Promise<unknown> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  return code;
}

describe('the server process', () => {
  it('serves, is copied meanwhile, stops, and is verified and scavenged', async () => {
    const server = await start();
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${server.port}?tls=false`);
    await client.appendToStream(
      'build-1',
      [1, 2, 3].map((number) => jsonEvent({ type: 'X', data: { number } })),
    );
    await client.setStreamMetadata('build-1', { maxCount: 1 });
    expect((await fetch(`http://127.0.0.1:${server.healthPort}/readyz`)).status).toBe(200);

    const copy = join(directory, 'copy.db');
    expect(run(['backup', copy])).toMatchObject({ code: 0, says: expect.stringContaining('up to position 4') });
    expect(run(['backup', copy])).toMatchObject({ code: 1, says: expect.stringContaining('exists already') });
    expect(run(['verify'], { EVENT_STORE_FILE: copy })).toMatchObject({
      code: 0,
      says: '4 events in 2 streams: sound\n',
    });
    for (const args of [['scavenge'], ['verify'], []])
      expect(run(args)).toMatchObject({ code: 1, says: expect.stringContaining('in use by another process') });

    await client.dispose();
    expect(await stop(server)).toBe(0);
    expect(run(['scavenge'])).toMatchObject({ code: 0, says: expect.stringContaining('2 events removed') });
    expect(run(['verify'])).toMatchObject({ code: 0, says: '2 events in 2 streams: sound\n' });
  }, 60_000);

  it('does not start insecurely where others can reach it', () => {
    const { code, says } = run([], { EVENT_STORE_HOST: '0.0.0.0' });
    expect(code).toBe(78);
    for (const name of ['TLS_CERT', 'TLS_KEY', 'USER', 'PASSWORD'])
      expect(says).toContain(`EVENT_STORE_${name}: required`);
  }, 60_000);

  it('explains its commands', () => {
    expect(run(['compact'])).toMatchObject({ code: 64, says: expect.stringContaining('usage: event-store') });
    expect(run(['backup'])).toMatchObject({ code: 64, says: expect.stringContaining('usage: event-store') });
    expect(run(['verify'], { EVENT_STORE_FILE: '' })).toMatchObject({
      code: 78,
      says: expect.stringContaining('EVENT_STORE_FILE'),
    });
  }, 60_000);
});
