import { setTimeout as pause } from 'node:timers/promises';
import { BuildView } from '@slipway/contracts';
import type { Asked } from '../checker/history.js';
import type { Called, Client } from './client.js';
import type { Random } from './random.js';

const RETRY_MS = 250;
/** How long a wish is repeated before the load gives it up, and the checker finds it. ms */
const ACCEPT_LIMIT_MS = 90_000;

export interface FloodOptions {
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Load {
  readonly asked: readonly Asked[];
  /** Asks for one build, again and again under one key until it is accepted. Answers its id. */
  readonly ask: (repository: string) => Promise<string | undefined>;
  /** Asks steadily, and looks at lists and builds beside it, until `stop`, which waits for what was begun. */
  readonly start: (repositories: readonly string[], perSecond: number) => { readonly stop: () => Promise<void> };
  /**
   * Asks so often for so long, however fast the answers are. Who is told to come later does so when it was told to; who
   * is told that it is too much gives up when all that time is over. Answers how many did.
   */
  readonly flood: (repositories: readonly string[], options: FloodOptions) => Promise<number>;
  /** The same as long as `work` takes. */
  readonly during: (repositories: readonly string[], perSecond: number, work: () => Promise<void>) => Promise<void>;
}

interface Wish extends Asked {
  readonly repository: string;
  readonly buildIds: string[];
  isRefused: boolean;
}

/** What users do, whatever happens to the system meanwhile. */
export function openLoad(client: Client, random: Random): Load {
  const asked: Wish[] = [];

  const wishFor = (repository: string): Wish => {
    const wish: Wish = { key: random.uuid(), repository, buildIds: [], isRefused: false };
    asked.push(wish);
    return wish;
  };

  const tryOnce = async ({ key, repository, buildIds }: Wish): Promise<Called> => {
    const [namespace, repo_name] = repository.split('/');
    const body = { namespace, repo_name, tag: 'latest' };
    const answer = await client.call('/v1/builds', { method: 'POST', body, headers: { 'idempotency-key': key } });
    if (answer.status === 201) buildIds.push(BuildView.parse(answer.body).build_id);
    return answer;
  };

  const ask: Load['ask'] = async (repository) => {
    const wish = wishFor(repository);
    for (const until = performance.now() + ACCEPT_LIMIT_MS; performance.now() < until;) {
      await tryOnce(wish);
      if (wish.buildIds.length > 0) return wish.buildIds[0];
      await pause(RETRY_MS);
    }
    return undefined;
  };

  const askUntil = async (repository: string, over: number): Promise<void> => {
    const wish = wishFor(repository);
    for (;;) {
      const { status, retryAfter = RETRY_MS / 1_000 } = await tryOnce(wish);
      if (wish.buildIds.length > 0 || performance.now() > over + ACCEPT_LIMIT_MS) return;
      // Anything but 429 does not say that it was not done.
      if (status === 429 && performance.now() + retryAfter * 1_000 > over) return void (wish.isRefused = true);
      await pause(retryAfter * 1_000);
    }
  };

  const flood: Load['flood'] = async (repositories, { perSecond, seconds }) => {
    const over = performance.now() + seconds * 1_000;
    const begun: Promise<void>[] = [];
    for (let begins = performance.now(); begins < over; begins += 1_000 / perSecond) {
      await pause(Math.max(0, begins - performance.now()));
      begun.push(askUntil(random.oneOf(repositories), over));
    }
    await Promise.all(begun);
    return asked.filter(({ isRefused }) => isRefused).length;
  };

  const look = async (repository: string): Promise<void> => {
    const [namespace, name] = repository.split('/');
    await client.call(`/v1/builds?namespace=${namespace}&repo_name=${name}`);
    const known = asked.flatMap(({ buildIds }) => buildIds);
    if (known.length > 0) await client.call(`/v1/builds/${random.oneOf(known)}`);
  };

  const start: Load['start'] = (repositories, perSecond) => {
    const begun = new Set<Promise<unknown>>();
    const begin = (work: Promise<unknown>): void => {
      const done = work.finally(() => begun.delete(done));
      begun.add(done);
    };
    const timer = setInterval(() => {
      const repository = random.oneOf(repositories);
      begin(ask(repository));
      begin(look(repository));
    }, 1_000 / perSecond);
    return {
      stop: async () => {
        clearInterval(timer);
        while (begun.size > 0) await Promise.all(begun);
      },
    };
  };

  const during: Load['during'] = async (repositories, perSecond, work) => {
    const load = start(repositories, perSecond);
    try {
      await work();
    } finally {
      await load.stop();
    }
  };

  return { asked, ask, start, flood, during };
}
