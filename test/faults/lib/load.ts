import { setTimeout as pause } from 'node:timers/promises';
import { BuildView } from '@slipway/contracts';
import type { Asked } from '../checker/history.js';
import type { Client } from './client.js';
import type { Random } from './random.js';

const RETRY_MS = 250;
/** How long a wish is repeated before the load gives it up, and the checker finds it. ms */
const ACCEPT_LIMIT_MS = 90_000;

export interface Load {
  readonly asked: readonly Asked[];
  /** Asks for one build, again and again under one key until it is accepted. Answers its id. */
  readonly ask: (repository: string) => Promise<string | undefined>;
  /** Asks steadily, and looks at lists and builds beside it, until `stop`, which waits for what was begun. */
  readonly start: (repositories: readonly string[], perSecond: number) => { readonly stop: () => Promise<void> };
  /** The same as long as `work` takes. */
  readonly during: (repositories: readonly string[], perSecond: number, work: () => Promise<void>) => Promise<void>;
}

/** What users do, whatever happens to the system meanwhile. */
export function openLoad(client: Client, random: Random): Load {
  const asked: Asked[] = [];

  const ask: Load['ask'] = async (repository) => {
    const [namespace, repo_name] = repository.split('/');
    const wish = { key: random.uuid(), buildIds: [] as string[] };
    asked.push(wish);
    const headers = { 'idempotency-key': wish.key };
    const body = { namespace, repo_name, tag: 'latest' };
    for (const until = performance.now() + ACCEPT_LIMIT_MS; performance.now() < until;) {
      const answer = await client.call('/v1/builds', { method: 'POST', body, headers });
      if (answer.status === 201) {
        const { build_id } = BuildView.parse(answer.body);
        wish.buildIds.push(build_id);
        return build_id;
      }
      await pause(RETRY_MS);
    }
    return undefined;
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

  return { asked, ask, start, during };
}
