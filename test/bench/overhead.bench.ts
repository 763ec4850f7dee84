import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '@slipway/testing';
import { BASE, openHouse, type House } from '../e2e/lib/house.js';
import { atMost, bench } from './lib/bench.js';
import { median } from './lib/statistics.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 15);
const WARM_UP = 2; // rounds
const run = promisify(execFile);

/** A small service: 200 files of 4 KB, two stages, three steps that run. */
const FILES: Readonly<Record<string, string>> = {
  Dockerfile:
    `FROM ${BASE} AS build\nCOPY . /src\nRUN cat /src/lib/* > /all\nRUN md5sum /all > /sum\n` +
    `FROM ${BASE}\nCOPY --from=build /all /sum /app/\nRUN echo ready > /app/state\nCMD ["cat", "/app/state"]\n`,
  ...Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`lib/${n}.txt`, `${n} `.repeat(1_024).slice(0, 4_096)])),
};

/** `docker build` and `docker push` of the same files, as a person would. */
interface Cli {
  readonly program: string;
  readonly isBuildkit: boolean;
  readonly version: string;
}

await bench('overhead', async (b) => {
  const house = await openHouse({ agents: 1 });
  const context = temporaryDirectory();
  try {
    writeFiles(context.path);
    const cli = await findCli(house, context.path);
    b.version('docker CLI', `${cli.version}${cli.isBuildkit ? '' : ' (classic)'}`);
    b.version('docker engine', (await house.docker.version()).Version);
    const sides = { house, cli, context: context.path, path: await createRepository(house) };
    for (const [what, tag] of [
      ['all from the cache', 'cached'],
      ['nothing from the cache', 'afresh'],
    ] as const) {
      b.progress(`${ROUNDS} builds of each, in turns, ${what}`);
      const { ours, theirs } = await takeTurns(sides, tag);
      const unit = 'ms';
      b.metric({ name: `docker build + docker push, ${what}`, value: theirs, unit });
      b.metric({ name: `our build, ${what}`, value: ours, unit });
      const goal = atMost(Math.round(300 + 0.05 * theirs));
      b.metric({ name: `overhead_ms, ${what}`, value: ours - theirs, unit, goal });
    }
  } finally {
    await house.stop();
    context.remove();
  }
});

interface Sides {
  readonly house: House;
  readonly cli: Cli;
  /** Folder of the same files as in the git repository. */
  readonly context: string;
  /** Of the image repository. */
  readonly path: string;
}

/** Medians, ms. In turns, so that a machine that is busy for a while disturbs both. */
async function takeTurns(
  { house, cli, context, path }: Sides,
  tag: 'cached' | 'afresh',
): Promise<{ ours: number; theirs: number }> {
  const image = `${house.registry.host}/bench/cli-${path.split('/')[1]}:${tag}`;
  const rounds: { readonly ours: number; readonly theirs: number }[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const theirs = await timed(() => buildByCli(house, cli, { image, context, cache: tag === 'cached' }));
    await house.docker.getImage(image).remove({ noprune: true }); // as ours does, and so that none is left
    rounds.push({ theirs, ours: await timed(() => buildByUs(house, path, tag)) });
  }
  const counted = rounds.slice(WARM_UP);
  return { ours: median(counted.map(({ ours }) => ours)), theirs: median(counted.map(({ theirs }) => theirs)) };
}

function writeFiles(directory: string): void {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}

async function createRepository({ git, api, freshName }: House): Promise<string> {
  const name = freshName('overhead');
  const { cloneUrl } = await git.createRepository(name, FILES);
  await api.createRepository(
    `bench/${name}`,
    { cloneUrl },
    { docker_repo_tag: 'cached' },
    { docker_repo_tag: 'afresh', build_cache_enabled: false },
  );
  return `bench/${name}`;
}

/** From the POST until a client that follows is told of the end. */
async function buildByUs({ api }: House, path: string, tag: string): Promise<void> {
  const { build_id: id } = await api.requestBuild(path, { tag });
  for await (const event of api.follow(id))
    if (event.kind === 'end' && event.status !== 'S') throw new Error(`The build ended with ${event.status}`);
}

async function buildByCli(
  house: House,
  { program, isBuildkit }: Cli,
  { image, context, cache }: { readonly image: string; readonly context: string; readonly cache: boolean },
): Promise<void> {
  const env = cliEnv(house, isBuildkit);
  await run(program, ['build', '-t', image, ...(cache ? [] : ['--no-cache']), context], { env });
  await run(program, ['push', image], { env });
}

/** The first `docker` of the machine that can build with BuildKit, as our builder does: newer ones need a plugin for it. */
async function findCli(house: House, context: string): Promise<Cli> {
  const programs = (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, 'docker'));
  for (const isBuildkit of [true, false])
    for (const program of programs) {
      const cli = { program, isBuildkit };
      const image = `${house.registry.host}/bench/probe-${randomUUID()}:1`;
      const env = cliEnv(house, isBuildkit);
      const works = await run(program, ['build', '-t', image, context], { env }).then(
        () => true,
        () => false,
      );
      if (!works) continue;
      await run(program, ['rmi', image], { env });
      const { stdout } = await run(program, ['version', '--format', '{{.Client.Version}}'], { env });
      return { ...cli, version: stdout.trim() };
    }
  throw new Error('No docker on PATH builds on this engine');
}

function cliEnv({ system }: House, isBuildkit: boolean): NodeJS.ProcessEnv {
  return { ...process.env, DOCKER_HOST: system.urls.dockerHost, DOCKER_BUILDKIT: isBuildkit ? '1' : '0' };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
