import { connect, type Socket } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { until } from '@slipway/testing';
import { openEventStream, printEvent, type EventStream } from './event-stream.js';

const STALL_LIMIT_MS = 300;
const TEXT = 'x'.repeat(64 * 1024);

let server: FastifyInstance;
let streams: EventStream[];
let sockets: Socket[];

beforeEach(async () => {
  streams = [];
  sockets = [];
  server = fastify();
  server.get('/', (_, reply) => {
    streams.push(openEventStream(reply, 'request-1', { stallLimitMs: STALL_LIMIT_MS }));
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  sockets.forEach((socket) => socket.destroy());
  await server.close();
});

/** A client that reads only when it is told to. */
async function open(): Promise<{ readonly socket: Socket; readonly stream: EventStream }> {
  const { port } = server.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const stream = await until(() => streams[0]);
  return { socket, stream };
}

/** Writes for ever, as a follower with much to tell does; answers how much was taken. */
function pour(stream: EventStream): () => number {
  let taken = 0;
  const run = async (): Promise<void> => {
    while (!stream.signal.aborted) {
      await stream.write(TEXT);
      taken += TEXT.length;
    }
  };
  void run();
  return () => taken;
}

describe('event stream', () => {
  it('prints id, event and data as the standard wants them', () => {
    expect(printEvent({ id: 7, data: { message: 'a\nb' } })).toBe('id: 7\ndata: {"message":"a\\nb"}\n\n');
    expect(printEvent({ event: 'end', data: null })).toBe('event: end\ndata: null\n\n');
  });

  it('waits for a client that stops reading, keeps next to nothing for it, and lets it go', async () => {
    const { stream } = await open();
    const taken = pour(stream);
    await until(() => taken() > 0);
    await until(() => stream.signal.aborted, { limitMs: 10_000 });
    expect(taken()).toBeLessThan(16 * 1024 * 1024); // what the two kernels' buffers hold, and one text of ours
  }, 20_000);

  it('keeps a client that is slow but reads', async () => {
    const { socket, stream } = await open();
    const taken = pour(stream);
    let read = 0;
    socket.on('data', (bytes) => (read += bytes.length));
    socket.resume();
    await until(() => read > 8 * 1024 * 1024, { limitMs: 10_000 });
    expect(stream.signal.aborted).toBe(false);
    expect(taken()).toBeGreaterThanOrEqual(8 * 1024 * 1024 - TEXT.length);
  }, 20_000);

  it('notices a client that hangs up', async () => {
    const { socket, stream } = await open();
    socket.destroy();
    await until(() => stream.signal.aborted);
    await stream.write(TEXT); // to nobody
  });
});
