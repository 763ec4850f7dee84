import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { BuildView } from '@slipway/contracts';
import { checkoutPaths } from '../../tools/launcher/paths.js';
import { bundlePath } from '../../tools/launcher/system/bundle.js';
import { BASE, openHouse, type House } from './lib/house.js';

const LIMIT_MS = 90_000;
const TICKS = 60;

describe('read models are rebuilt', () => {
  let house: House;
  let name: string;
  let ended: readonly BuildView[];

  const path = (): string => `e2e/${name}`;
  const request = async (): Promise<string> => (await house.api.requestBuild(path(), { tag: 'latest' })).build_id;

  beforeAll(async () => {
    house = await openHouse({ agents: 1 });
    name = house.freshName('rebuild');
    const Dockerfile = `FROM ${BASE}\nRUN : ${name}; for i in $(seq ${TICKS}); do echo tick $i; sleep 0.05; done\n`;
    const { cloneUrl } = await house.git.createRepository(name, { Dockerfile });
    await house.api.createRepository(path(), { cloneUrl }, { build_cache_enabled: false, version_tagging: 1 });
    ended = [await house.api.ended(await request())];
  }, LIMIT_MS);
  afterAll(() => house.stop(), LIMIT_MS);

  it(
    'while builds run: the API answers all the time, and the builds end as if nothing was',
    async () => {
      const ids = await Promise.all([request(), request()]);
      await house.api.buildWhen(ids[0] ?? '', ({ state }) => state === 'building');
      const first = await told(ended);
      const { outcome: builds, statuses } = await whileAsking(
        [`/v1/builds/${ids[0]}`, `/v1/builds/${ids[0]}/logs`, '/v1/builds'],
        async () => {
          await rebuild();
          expect(await told(ended)).toEqual(first);
          return Promise.all(ids.map((id) => house.api.ended(id)));
        },
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect(statuses.length).toBeGreaterThan(20);
      expect(builds.map(({ status }) => status)).toEqual(['S', 'S']);
      for (const { build_id, log_lines } of builds) {
        const log = await house.api.log(build_id);
        expect(log).toHaveLength(log_lines ?? NaN);
        const ticks = log.map(({ message }) => message).filter((message) => message.startsWith('tick'));
        expect(ticks).toEqual(Array.from({ length: TICKS }, (_, index) => `tick ${index + 1}`));
      }
      ended = [...ended, ...builds];
    },
    LIMIT_MS,
  );

  it(
    'into rows equal to the old ones, logs included',
    async () => {
      const everythingTold = async (): Promise<unknown> => [
        await told(ended),
        (await house.api.call('/v1/repositories/e2e')).body,
      ];
      const before = await everythingTold();
      await rebuild();
      expect(await everythingTold()).toEqual(before);
    },
    LIMIT_MS,
  );

  /** Of builds that have ended, so that nothing of it may change. */
  async function told(builds: readonly BuildView[]): Promise<unknown> {
    const ids = builds.map(({ build_id }) => build_id);
    const list = (await house.api.builds(`namespace=e2e&repo_name=${name}`)).results;
    return {
      list: list.filter(({ build_id }) => ids.includes(build_id)),
      builds: await Promise.all(ids.map(house.api.build)),
      logs: await Promise.all(ids.map((id) => house.api.log(id))),
    };
  }

  /** Asks the paths in turn, over and over, until the work has ended; answers every status that was seen. */
  async function whileAsking<T>(
    paths: readonly string[],
    work: () => Promise<T>,
  ): Promise<{ readonly outcome: T; readonly statuses: readonly number[] }> {
    const statuses: number[] = [];
    let isOver = false;
    const asking = async (): Promise<void> => {
      while (!isOver) for (const path of paths) statuses.push((await house.api.call(path)).status);
    };
    const [outcome] = await Promise.all([work().finally(() => (isOver = true)), asking()]);
    return { outcome, statuses };
  }

  /** The command of a person, on the stores of this system. */
  async function rebuild(): Promise<void> {
    const { databaseUrl: DATABASE_URL, urls } = house.system;
    const command = spawn(process.execPath, [bundlePath(checkoutPaths(), 'projections'), 'rebuild'], {
      env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL, EVENTSTORE_URL: urls.eventStore },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said: Buffer[] = [];
    command.stderr.on('data', (piece: Buffer) => said.push(piece));
    const [code] = (await once(command, 'close')) as [number | null];
    const text = Buffer.concat(said).toString();
    if (code !== 0) throw new Error(`the rebuild ended with ${code}: ${text}`);
    for (const view of ['build', 'log', 'repository'])
      expect(text).toMatch(new RegExp(`^${view}: \\d+ events, .*in use`, 'm'));
  }
});
