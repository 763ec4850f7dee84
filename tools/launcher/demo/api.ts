import { setTimeout as pause } from 'node:timers/promises';
import { BuildState, BuildView, LogLevel, StepView } from '@slipway/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { Problem } from '../problem.js';

/** What a followed build tells. */
export type BuildNews =
  | ({ readonly type: 'line' } & z.infer<typeof Line>)
  | ({ readonly type: 'status' } & z.infer<typeof Status>);

/** The public API as any client sees it. Every call throws a Problem when the answer is an error. */
export interface Api {
  readonly createRepository: (namespace: string, body: object) => Promise<void>;
  readonly requestBuild: (body: object) => Promise<BuildView>;
  readonly build: (buildId: string) => Promise<BuildView>;
  /** History first, then live, until the build is over. A broken connection is resumed where it broke. */
  readonly follow: (buildId: string) => AsyncGenerator<BuildNews>;
}

const Line = z.object({ line: z.int(), message: z.string(), level: LogLevel });
const Status = z.object({
  state: BuildState,
  step_at: z.int(),
  agent: z.string().nullable(),
  step: StepView.nullable(),
});
const Refusal = z.object({ errors: z.array(z.object({ message: z.string() })).min(1) });

const ANSWER_LIMIT_MS = 15_000;
const FOLLOW_TRIES = 5;
const FOLLOW_PAUSE_MS = 500;

interface Access {
  readonly url: string; // without a slash at its end
  readonly token: string;
  readonly signal: AbortSignal;
}

export function openApi(access: Access): Api {
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const signal = AbortSignal.any([access.signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]);
    const headers = { 'content-type': 'application/json' };
    const init = { method, headers, signal, body: body ? JSON.stringify(body) : null };
    try {
      return await (await ask(access, path, init)).json();
    } catch (error) {
      throw unreachable(access, error);
    }
  };
  return {
    createRepository: async (namespace, body) => void (await send('POST', `/v1/repositories/${namespace}`, body)),
    requestBuild: async (body) => BuildView.parse(await send('POST', '/v1/builds', body)),
    build: async (buildId) => BuildView.parse(await send('GET', `/v1/builds/${buildId}`)),
    follow: (buildId) => follow(access, buildId),
  };
}

async function ask({ url, token }: Access, path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Token ${token}`);
  const answer = await fetch(`${url}${path}`, { ...init, headers });
  if (answer.ok) return answer;
  const refusal = Refusal.safeParse(await answer.json().catch(() => undefined));
  const why = refusal.success ? refusal.data.errors.map(({ message }) => message).join('; ') : answer.statusText;
  throw new Problem(`${init.method ?? 'GET'} ${path} was answered with ${answer.status}: ${why}`);
}

/** What fetch throws when a connection fails (TypeError) or takes too long (DOMException). */
const isConnectionFailure = (error: unknown): error is Error =>
  error instanceof TypeError || error instanceof DOMException;

/** Anything else stays what it is. */
function unreachable({ url, signal }: Access, error: unknown): unknown {
  if (signal.aborted || !isConnectionFailure(error)) return error;
  const why = error.cause instanceof Error ? error.cause.message : error.message;
  return new Problem(`the API at ${url} does not answer: ${why}`);
}

async function* follow(access: Access, buildId: string): AsyncGenerator<BuildNews> {
  let lastLine = 0;
  for (let tries = 1; tries <= FOLLOW_TRIES; tries++) {
    try {
      for await (const news of connect(access, buildId, lastLine)) {
        if (news.type === 'end') return;
        if (news.type === 'line') lastLine = news.line;
        yield news;
      }
    } catch (error) {
      const isLast = tries === FOLLOW_TRIES || access.signal.aborted;
      if (isLast || !isConnectionFailure(error)) throw unreachable(access, error);
    }
    await pause(FOLLOW_PAUSE_MS, undefined, { signal: access.signal });
  }
  throw new Problem(`the log of build ${buildId} broke off ${FOLLOW_TRIES} times.`);
}

async function* connect(
  access: Access,
  buildId: string,
  lastLine: number,
): AsyncGenerator<BuildNews | { readonly type: 'end' }> {
  const headers = { accept: 'text/event-stream', 'last-event-id': String(lastLine) };
  const { body } = await ask(access, `/v1/builds/${buildId}/logs/stream`, { headers, signal: access.signal });
  if (!body) return;
  for await (const { event, data } of body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())) {
    if (event === 'end') yield { type: 'end' };
    else if (event === 'status') yield { type: 'status', ...Status.parse(JSON.parse(data)) };
    else yield { type: 'line', ...Line.parse(JSON.parse(data)) };
  }
}
