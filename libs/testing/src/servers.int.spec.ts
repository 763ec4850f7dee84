import { existsSync } from 'node:fs';
import { connect } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { startEventStoreServer } from './event-store-server.js';
import { startNatsServer } from './nats-server.js';
import { temporaryDirectory } from './temporary-directory.js';

describe('servers for tests', () => {
  it('nats-server keeps its port and its streams over a kill', async () => {
    const server = await startNatsServer();
    const firstPid = server.pid;
    const before = await connect({ servers: server.url });
    await (await jetstreamManager(before)).streams.add({ name: 'KEPT', subjects: ['kept.*'] });
    await jetstream(before).publish('kept.1', 'one');
    await before.close();
    await server.kill();
    await server.restart();
    expect(server.pid).not.toBe(firstPid);
    const after = await connect({ servers: server.url });
    const { state } = await (await jetstreamManager(after)).streams.info('KEPT');
    expect(state.messages).toBe(1);
    await after.close();
    await server.stop();
    await server.stop();
  }, 20_000);

  it('the event store names its port in its url, and says why it does not start', async () => {
    const server = await startEventStoreServer();
    expect(server.url).toMatch(/^esdb:\/\/127\.0\.0\.1:[1-9]\d*\?tls=false$/);
    await server.stop();
    const unstartable = startEventStoreServer({ env: { HEALTH_PORT: 'none' } });
    await expect(unstartable).rejects.toThrow('HEALTH_PORT');
  }, 30_000);

  it('a temporary directory is there until it is removed', () => {
    const [one, other] = [temporaryDirectory(), temporaryDirectory()];
    expect(one.path).not.toBe(other.path);
    one.remove();
    one.remove();
    expect([existsSync(one.path), existsSync(other.path)]).toEqual([false, true]);
    other.remove();
  });
});
