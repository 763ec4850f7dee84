import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';
import { refusalOf } from './api-error.js';
import type { paths } from './api.js';
import { followLog, type FollowOptions, type LogNews } from './follow.js';

export interface ClientOptions {
  /** Where the gateway is, without `/v1`. */
  readonly url: string;
  /** Absent: what everybody may read. */
  readonly token?: string | undefined;
  /** Ends every call. */
  readonly signal?: AbortSignal | undefined;
}

/** Every route with its own types: `client.GET('/v1/builds/{build_id}', { params: { path: { build_id } } })`. */
export interface Client extends FetchClient<paths, 'application/json'> {
  /**
   * The log of a build: what there is already, then what comes, until the build is over. A connection that breaks is
   * resumed after the last line. @throws ApiError when it is refused, ConnectionLost when it keeps breaking
   */
  readonly follow: (buildId: string, options?: FollowOptions) => AsyncGenerator<LogNews, void, undefined>;
}

export function createClient({ url, token, signal }: ClientOptions): Client {
  const baseUrl = url.replace(/\/+$/, '');
  const headers = token === undefined ? {} : { authorization: `Token ${token}` };
  const client = createFetchClient<paths, 'application/json'>({ baseUrl, headers, ...(signal && { signal }) });
  return {
    ...client,
    follow: (buildId, options = {}) => followLog({ baseUrl, headers, signal }, buildId, options),
  };
}

interface Outcome<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of a good answer. @throws ApiError for any other */
export async function answerOf<Data>(call: Promise<Outcome<Data>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await call;
  if (response.ok) return data as NonNullable<Data>;
  throw refusalOf(response.status, error);
}
