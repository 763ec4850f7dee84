import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { DelayedLane } from './delayed-lane.js';

/** Between a service and what it needs. Loopback only. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks what is open and refuses what comes: the server is gone. */
  readonly cut: () => void;
  /** Says nothing any more, in neither direction, and lets everybody wait: the network swallows what is sent. */
  readonly silence: () => void;
  /** Every piece of data comes so much later, in its order. */
  readonly delay: (ms: number) => void;
  /** Whether it has something that is not passed on yet. */
  readonly isLate: () => boolean;
  /** From here on as if it were not there; what `silence` swallowed stays lost, so such connections are broken. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
}

type Mode = 'open' | 'cut' | 'silent';

/** Passes connections on to a port of this machine, or to a socket in its file system. */
export async function startTcpProxy(target: number | string): Promise<TcpProxy> {
  let mode: Mode = 'open';
  let delayMs = 0;
  const sockets = new Set<Socket>();
  const swallowed = new Set<Socket>();
  const lanes = new Set<DelayedLane<Buffer>>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      sockets.delete(socket);
      swallowed.delete(socket);
    });
  };
  const pass = (from: Socket, to: Socket): void => {
    const late = new DelayedLane<Buffer>((piece) => void (to.writable && to.write(piece)));
    lanes.add(late);
    from.on('data', (piece: Buffer) => {
      if (mode === 'silent') return void swallowed.add(from).add(to);
      if (delayMs > 0 || !late.isEmpty) late.put(piece, delayMs);
      else if (!to.write(piece)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.once('close', () => {
      lanes.delete(late);
      to.destroy();
    });
  };
  const server = createServer((client) => {
    keep(client);
    if (mode === 'cut') return void client.destroy();
    if (mode === 'silent') return void swallowed.add(client);
    const upstream = createConnection(
      typeof target === 'number' ? { port: target, host: '127.0.0.1' } : { path: target },
    );
    keep(upstream);
    pass(client, upstream);
    pass(upstream, client);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const breakAll = (which: ReadonlySet<Socket>): void => [...which].forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      mode = 'cut';
      breakAll(sockets);
    },
    silence: () => void (mode = 'silent'),
    delay: (ms) => void (delayMs = ms),
    isLate: () => [...lanes].some(({ isEmpty }) => !isEmpty),
    heal: () => {
      mode = 'open';
      delayMs = 0;
      breakAll(swallowed);
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      breakAll(sockets);
      await closed;
    },
  };
}
