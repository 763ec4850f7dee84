import { Agent, request } from 'node:http';
import type { Answer } from '../../../../apps/gateway/src/house/client.fixtures.js';
import type { FuzzRequest } from './requests.js';

export interface TimedAnswer extends Answer {
  readonly tookMs: number;
}

const HANG_LIMIT_MS = 10_000;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** By `node:http`, because `fetch` puts a path and headers right before it sends them. */
export const send = (url: string, { method, path, headers, body }: FuzzRequest): Promise<TimedAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const began = performance.now();
    const signal = AbortSignal.timeout(HANG_LIMIT_MS);
    const asked = request({ hostname, port, path, method, headers: given(headers), agent, signal }, (response) => {
      const answered = new Headers();
      for (const [name, value] of Object.entries(response.headers)) answered.set(name, String(value));
      const done = (text: string): void =>
        resolve({
          status: response.statusCode ?? 0,
          headers: answered,
          body: read(answered, text),
          tookMs: performance.now() - began,
        });
      if (answered.get('content-type')?.startsWith('text/event-stream')) {
        done(''); // it may have no end
        response.destroy();
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => done(text));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });

/** Without those that are not given. */
const given = (headers: FuzzRequest['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

const read = (headers: Headers, text: string): unknown =>
  headers.get('content-type')?.startsWith('application/json') ? (JSON.parse(text) as unknown) : text;
