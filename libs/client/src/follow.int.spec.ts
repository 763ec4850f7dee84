import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from './api-error.js';
import { createClient } from './client.js';
import { ConnectionLost, type LogNews } from './follow.js';

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of the test's own, because a real gateway does not break off when it is asked to. */
async function withServer<T>(serve: Serve, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const line = (number: number): string =>
  `id: ${number}\ndata: ${JSON.stringify({ line: number, message: `line ${number}`, level: 'INFO', time: 1 })}\n\n`;
const end = `event: end\ndata: ${JSON.stringify({ status: 'S', state: 'succeeded', total_lines: 3 })}\n\n`;

async function followed(url: string): Promise<readonly LogNews[]> {
  const news: LogNews[] = [];
  for await (const one of createClient({ url, token: 'slp_x' }).follow('a build')) news.push(one);
  return news;
}

describe('following a log', () => {
  it('goes on after the last line when the connection breaks', async () => {
    const asked: unknown[] = [];
    const serve: Serve = ({ url, headers }, response) => {
      const after = Number(headers['last-event-id']);
      asked.push([url, headers.authorization, after]);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(line(after + 1), () => (after < 2 ? response.destroy() : response.end(end)));
    };
    const news = await withServer(serve, followed);
    expect(news.map((one) => (one.type === 'line' ? one.line : one.type))).toEqual([1, 2, 3, 'end']);
    expect(asked).toEqual([0, 1, 2].map((after) => ['/v1/builds/a%20build/logs/stream', 'Token slp_x', after]));
  });

  it('ends at once when it is refused, with what the API says', async () => {
    const errors = [{ code: 'build_not_found', message: 'No build has this id.', source: 'build_id' }];
    const serve: Serve = (_, response) => response.writeHead(404).end(JSON.stringify({ errors }));
    const refused = withServer(serve, followed);
    await expect(refused).rejects.toThrow(ApiError);
    await expect(refused).rejects.toMatchObject({ status: 404, errors, message: 'No build has this id.' });
  });

  it('is given up when it breaks off again and again', async () => {
    let tries = 0;
    const serve: Serve = (_, response) => {
      tries++;
      response.destroy();
    };
    await expect(withServer(serve, followed)).rejects.toThrow(ConnectionLost);
    expect(tries).toBe(5);
  });
});
