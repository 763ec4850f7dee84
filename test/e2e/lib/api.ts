import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BuildListItem, BuildView, LogLineView, RepositoryView, ShownBuildView } from '@slipway/contracts';
import { until } from '@slipway/testing';
import { z } from 'zod';
import { assertDocumented } from '../../../apps/gateway/src/house/documented.fixtures.js';
import { isOnCluster } from './cluster.js';
import { readEvents, type SentEvent } from './sent-events.js';

const BUILD_LIMIT_MS = 60_000;
/** As everybody should who is told to come later: where a nats-server is killed now and then, its streams need a new leader. */
const PATIENCE_MS = isOnCluster ? 20_000 : 0;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Read as JSON when it says that it is. */
  readonly body: unknown;
}

/** Fields of one tag config; the rest has the defaults of the API. */
export interface TagConfigFields {
  readonly code_repo_type?: 'branch' | 'tag';
  readonly code_repo_type_value?: string;
  readonly docker_repo_tag?: string;
  readonly build_context_path?: string;
  readonly dockerfile_location?: string;
  readonly build_cache_enabled?: boolean;
  readonly version_tagging?: 0 | 1 | 2;
}

export interface CodeFields {
  readonly cloneUrl: string;
  readonly buildNode?: string;
  readonly agentLabels?: Readonly<Record<string, string>>;
}

export interface BuildRequestFields {
  readonly tag?: string;
  readonly code_commit_id?: string;
}

const BuildPage = z.object({ count: z.int(), results: z.array(BuildListItem) });

/** The public API as its administrator sees it: nothing else of the system is asked. */
export interface Api {
  /** Header of its calls, for one that brings headers of its own. */
  readonly authorization: { readonly authorization: string };
  /** Every answer must be one that the document of the API knows. */
  readonly call: (path: string, init?: RequestInit) => Promise<Answer>;
  /** `<namespace>/<name>` of an image repository whose code lies at a URL; default: branch `main` becomes `latest`. */
  readonly createRepository: (
    path: string,
    code: CodeFields,
    ...tagConfigs: readonly TagConfigFields[]
  ) => Promise<RepositoryView>;
  readonly requestBuild: (path: string, fields?: BuildRequestFields) => Promise<BuildView>;
  readonly build: (buildId: string) => Promise<ShownBuildView>;
  readonly builds: (query: string) => Promise<z.infer<typeof BuildPage>>;
  /** Waits until the condition holds for the build. */
  readonly buildWhen: (
    buildId: string,
    condition: (build: ShownBuildView) => boolean,
    limitMs?: number,
  ) => Promise<ShownBuildView>;
  readonly ended: (buildId: string, limitMs?: number) => Promise<ShownBuildView>;
  readonly log: (buildId: string, query?: string) => Promise<readonly LogLineView[]>;
  /** The answer itself, to be read as it comes. @throws when it is not 200 */
  readonly open: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  /** Until the server ends it, or the caller stops reading. */
  readonly follow: (buildId: string, lastEventId?: number) => AsyncGenerator<SentEvent, void, undefined>;
}

export function connectApi(url: string, token: string): Api {
  const authorization = `Token ${token}`;
  const callOnce = async (path: string, init: RequestInit, key: string): Promise<Answer> => {
    const isRepeatable = isOnCluster && init.method === 'POST';
    const headers = {
      authorization,
      'content-type': 'application/json',
      ...(isRepeatable ? { 'idempotency-key': key } : {}),
    };
    const response = await fetch(`${url}${path}`, { headers, ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const body: unknown = isJson ? JSON.parse(text) : text;
    const answer = { status: response.status, headers: response.headers, body };
    assertDocumented({ method: init.method ?? 'GET', path }, answer);
    return answer;
  };
  const call: Api['call'] = async (path, init = {}) => {
    const key = randomUUID();
    for (const until = performance.now() + PATIENCE_MS; ;) {
      const answer = await callOnce(path, init, key);
      const retryAfterMs = Number(answer.headers.get('retry-after')) * 1_000;
      if (answer.status !== 503 || performance.now() + retryAfterMs >= until) return answer;
      await pause(retryAfterMs);
    }
  };
  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => schema.parse((await ok(call(path))).body);
  const post = async <T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> =>
    schema.parse((await ok(call(path, { method: 'POST', body: JSON.stringify(body) }))).body);
  const build = (buildId: string): Promise<ShownBuildView> => get(`/v1/builds/${buildId}`, ShownBuildView);
  const buildWhen: Api['buildWhen'] = (buildId, condition, limitMs = BUILD_LIMIT_MS) =>
    until(
      async () => {
        const view = await build(buildId);
        return condition(view) ? view : undefined;
      },
      { limitMs, what: `build ${buildId}` },
    );
  const open: Api['open'] = async (path, headers = {}) => {
    const response = await fetch(`${url}${path}`, { headers: { authorization, ...headers } });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return response;
  };

  return {
    call,
    authorization: { authorization },
    build,
    buildWhen,
    open,
    createRepository: (
      path,
      { cloneUrl, buildNode: build_node = 'in', agentLabels: agent_labels = {} },
      ...tagConfigs
    ) => {
      const [namespace, repo_name] = path.split('/');
      const tag_configs = (tagConfigs.length > 0 ? tagConfigs : [{}]).map(withDefaults);
      const source = { code_repo_client: 'Simple', code_repo_clone_url: cloneUrl };
      const build_config = { ...source, build_node, agent_labels, tag_configs };
      return post(`/v1/repositories/${namespace}`, { repo_name, build_config }, RepositoryView);
    },
    requestBuild: (path, fields = {}) => {
      const [namespace, repo_name] = path.split('/');
      return post('/v1/builds', { namespace, repo_name, tag: 'latest', ...fields }, BuildView);
    },
    builds: (query) => get(`/v1/builds?${query}`, BuildPage),
    ended: (buildId, limitMs) => buildWhen(buildId, ({ ended_at }) => ended_at !== null, limitMs),
    log: (buildId, query = '') => get(`/v1/builds/${buildId}/logs${query}`, z.array(LogLineView)),
    follow: async function* (buildId, lastEventId) {
      const resume = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
      yield* readEvents(await open(`/v1/builds/${buildId}/logs/stream`, resume));
    },
  };
}

const withDefaults = (fields: TagConfigFields): TagConfigFields => ({
  code_repo_type: 'branch',
  code_repo_type_value: 'main',
  docker_repo_tag: 'latest',
  ...fields,
});

async function ok(answer: Promise<Answer>): Promise<Answer> {
  const { status, headers, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return { status, headers, body };
}
