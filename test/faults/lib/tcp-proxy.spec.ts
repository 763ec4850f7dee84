import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { until } from '@slipway/testing';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

describe('the proxy', () => {
  let server: Server;
  let proxy: TcpProxy;
  const clients: Socket[] = [];
  beforeEach(async () => {
    server = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await startTcpProxy((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.destroy());
    await proxy.close();
    server.close();
  });

  const connected = async () => {
    const socket = createConnection({ port: proxy.port, host: '127.0.0.1' });
    clients.push(socket);
    let heard = '';
    let isClosed = false;
    socket
      .on('data', (piece) => (heard += String(piece)))
      .on('error', () => {})
      .once('close', () => (isClosed = true));
    await once(socket, 'connect');
    return { say: (text: string) => socket.write(text), heard: () => heard, isClosed: () => isClosed };
  };
  const echoes = async (text: string): Promise<void> => {
    const client = await connected();
    client.say(text);
    await until(() => client.heard() === text);
  };

  it('passes everything on', () => echoes('hello'));

  it('breaks and refuses while it is cut, and passes on again afterwards', async () => {
    const before = await connected();
    proxy.cut();
    await until(before.isClosed);
    const refused = await connected();
    await until(refused.isClosed);
    proxy.heal();
    await echoes('again');
  });

  it('swallows while it is silent, without a sign, and breaks those connections when it is healed', async () => {
    const [before, idle] = [await connected(), await connected()];
    before.say('first ');
    await until(() => before.heard() === 'first ');
    proxy.silence();
    before.say('lost');
    const during = await connected();
    during.say('lost too');
    proxy.heal();
    await until(() => before.isClosed() && during.isClosed());
    expect([before.heard(), during.heard()]).toEqual(['first ', '']);
    idle.say('kept');
    await until(() => idle.heard() === 'kept');
  });

  it('comes late while it is delayed, in order', async () => {
    proxy.delay(100);
    const client = await connected();
    const startedAt = performance.now();
    client.say('one ');
    client.say('two');
    await until(() => client.heard() === 'one two');
    expect(performance.now() - startedAt).toBeGreaterThan(190); // there and back
  });

  it('lets nothing overtake what is still late when it is healed', async () => {
    const client = await connected();
    client.say('a');
    await until(() => client.heard() === 'a');
    proxy.delay(300);
    client.say('b');
    await until(() => proxy.isLate());
    proxy.heal();
    client.say('c');
    await until(() => client.heard().length === 3);
    expect(client.heard()).toBe('abc');
  });
});
