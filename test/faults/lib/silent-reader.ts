import { connect, type Socket } from 'node:net';
import { until } from '@slipway/testing';

/** A client that asks for an answer, reads its first bytes, and then reads no more. */
export interface SilentReader {
  /** Reads to the end after all. Answers everything it was sent. */
  readonly readOn: () => Promise<string>;
  readonly close: () => void;
}

const LIMITS = { limitMs: 30_000 };

export async function openSilentReader(url: string, token: string): Promise<SilentReader> {
  const { hostname, port, pathname } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  let text = '';
  socket.on('error', () => {}).on('data', (piece) => (text += String(piece)));
  socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Token ${token}\r\n\r\n`);
  await until(() => text.includes('\r\n\r\n'), { ...LIMITS, what: `an answer from ${url}` });
  if (!text.startsWith('HTTP/1.1 200')) throw new Error(text);
  socket.pause();
  return {
    readOn: async () => {
      socket.resume();
      await until(() => socket.closed, { ...LIMITS, what: 'the end of the connection' });
      return text;
    },
    close: () => void socket.destroy(),
  };
}
