import { assertDocumented } from './documented.fixtures.js';

/** An answer with its body, read as JSON when it says so. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export type Call = (path: string, init?: RequestInit) => Promise<Answer>;

/** Calls the API as the holder of a token. A body that is no string is sent as JSON. Every answer must be one that the document knows. */
export const callerWith =
  (url: string, token: string | undefined): Call =>
  async (path, init = {}) => {
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('authorization', `Token ${token}`);
    if (init.body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
    const response = await fetch(url + path, { ...init, headers });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const body: unknown = isJson ? JSON.parse(text) : text;
    const answer = { status: response.status, headers: response.headers, body };
    assertDocumented({ method: init.method ?? 'GET', path }, answer);
    return answer;
  };

export const post = (body: unknown): RequestInit => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
