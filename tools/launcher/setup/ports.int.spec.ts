import { type AddressInfo, createServer } from 'node:net';
import { freePorts, isFree, portFrom, requireFree } from './ports.js';

describe('ports', () => {
  const server = createServer();
  let taken = 0;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    taken = (server.address() as AddressInfo).port;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('names every taken port and the variable that moves it', async () => {
    const [free = 0] = await freePorts(1);
    const ports = [
      { what: 'API', port: taken, variable: 'PORT' },
      { what: 'NATS', port: free, variable: 'NATS_PORT' },
      { what: 'registry', port: taken, variable: 'REGISTRY_PORT' },
    ];
    await expect(requireFree(ports)).rejects.toThrow(
      `ports taken by another program:\n  ${taken} (API): set PORT to another port\n  ${taken} (registry): set REGISTRY_PORT`,
    );
  });

  it('gives out free ports, none twice', async () => {
    const ports = await freePorts(20);
    expect(new Set(ports).size).toBe(20);
    expect(await Promise.all(ports.map((port) => isFree(port)))).toEqual(ports.map(() => true));
  });

  it('takes a port from its variable and refuses what is none', () => {
    expect(portFrom({ PORT: '9000' }, 'PORT', 8080)).toBe(9000);
    expect(portFrom({ PORT: '' }, 'PORT', 8080)).toBe(8080);
    for (const PORT of ['http', '0', '65536', '80.5', '-1'])
      expect(() => portFrom({ PORT }, 'PORT', 8080)).toThrow(`PORT=${PORT} is not a port`);
  });
});
