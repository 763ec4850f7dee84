import {
  answerOf,
  ApiError,
  ConnectionLost,
  createClient,
  type BuildView,
  type CreateRepositoryBody,
  type LogNews,
  type RequestBuildBody,
} from '@slipway/client';
import { Problem } from '../problem.js';

/** What a followed build tells until it is over. */
export type BuildNews = Exclude<LogNews, { readonly type: 'end' }>;

/** The public API as any client sees it. Every call throws a Problem when the answer is an error. */
export interface Api {
  readonly createRepository: (namespace: string, body: CreateRepositoryBody) => Promise<void>;
  readonly requestBuild: (body: RequestBuildBody) => Promise<BuildView>;
  readonly build: (buildId: string) => Promise<BuildView>;
  /** History first, then live, until the build is over. A broken connection is resumed where it broke. */
  readonly follow: (buildId: string) => AsyncGenerator<BuildNews>;
}

const ANSWER_LIMIT_MS = 15_000;

interface Access {
  readonly url: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

export function openApi(access: Access): Api {
  const client = createClient(access);
  const limited = () => ({ signal: AbortSignal.any([access.signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]) });
  const told = async <T>(what: string, call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      throw problemOf(error, what, access);
    }
  };
  return {
    createRepository: async (namespace, body) => {
      const asked = { params: { path: { namespace } }, body, ...limited() };
      await told('a repository', answerOf(client.POST('/v1/repositories/{namespace}', asked)));
    },
    requestBuild: (body) => told('a build', answerOf(client.POST('/v1/builds', { body, ...limited() }))),
    build: (build_id) => {
      const asked = { params: { path: { build_id } }, ...limited() };
      return told(`build ${build_id}`, answerOf(client.GET('/v1/builds/{build_id}', asked)));
    },
    follow: async function* (buildId) {
      try {
        for await (const news of client.follow(buildId)) if (news.type !== 'end') yield news;
      } catch (error) {
        throw problemOf(error, `the log of build ${buildId}`, access);
      }
    },
  };
}

/** Anything else stays what it is. */
function problemOf(error: unknown, what: string, { url, signal }: Access): unknown {
  if (signal.aborted) return error;
  if (error instanceof ApiError) return new Problem(`${what} was answered with ${error.status}: ${error.message}`);
  if (error instanceof ConnectionLost) return new Problem(`${error.message}.`);
  if (!(error instanceof TypeError || error instanceof DOMException)) return error; // what fetch throws
  const why = error.cause instanceof Error ? error.cause.message : error.message;
  return new Problem(`the API at ${url} does not answer: ${why}`);
}
