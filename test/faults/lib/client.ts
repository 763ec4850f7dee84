import type { Answer } from '../checker/history.js';

/** Longer than any answer may take: what is not there by then hangs. ms */
const GIVE_UP_MS = 20_000;
const JSON_BODY = { 'content-type': 'application/json' };

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Called {
  /** `undefined`: nobody answered. */
  readonly status: number | undefined;
  readonly body: unknown;
  /** When to come again, s. */
  readonly retryAfter: number | undefined;
}

/** Calls the gateways in turn, and keeps what each call came to. */
export interface Client {
  readonly call: (path: string, call?: Call) => Promise<Called>;
  readonly answers: readonly Answer[];
}

export function connectClient(gateways: readonly string[], token: string): Client {
  const answers: Answer[] = [];
  let turn = 0;
  return {
    answers,
    call: async (path, { method = 'GET', body, headers = {} } = {}) => {
      const url = `${gateways[turn++ % gateways.length]}${path}`;
      const startedAt = performance.now();
      const keep = (status: number | undefined, retryAfter: string | null): void => {
        const tookMs = performance.now() - startedAt;
        answers.push({ call: `${method} ${path}`, status, retryAfter, tookMs });
      };
      try {
        const response = await fetch(url, {
          method,
          headers: { authorization: `Token ${token}`, ...(body === undefined ? {} : JSON_BODY), ...headers },
          signal: AbortSignal.timeout(GIVE_UP_MS),
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        const retryAfter = response.headers.get('retry-after');
        keep(response.status, retryAfter);
        const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
        return {
          status: response.status,
          body: isJson ? (JSON.parse(text) as unknown) : text,
          retryAfter: retryAfter === null ? undefined : Number(retryAfter),
        };
      } catch {
        keep(undefined, null);
        return { status: undefined, body: undefined, retryAfter: undefined };
      }
    },
  };
}
