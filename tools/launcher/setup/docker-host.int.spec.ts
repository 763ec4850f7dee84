import { createServer } from 'node:http';
import { join } from 'node:path';
import { LIMIT_MS, tempDir } from '../process/fixtures.js';
import { parseDockerHost, pingEngine } from './docker-host.js';

describe('docker host', () => {
  it('understands sockets and tcp, and says what it wants otherwise', () => {
    expect(parseDockerHost('unix:///var/run/my docker.sock')).toEqual({ socketPath: '/var/run/my docker.sock' });
    expect(parseDockerHost('tcp://10.0.0.1')).toEqual({ host: '10.0.0.1', port: 2375 });
    for (const host of ['ssh://me@there', 'npipe:////./pipe/docker', '/var/run/docker.sock', 'tcp://'])
      expect(() => parseDockerHost(host)).toThrow('use unix:///path/to/socket or tcp://host:port');
  });

  it(
    'tells an engine that answers from one that fails and one that is gone',
    async () => {
      const dir = tempDir();
      const socket = join(dir.path, 'engine.sock');
      let status = 200;
      const engine = createServer((_, response) => response.writeHead(status).end('OK'));
      await new Promise<void>((resolve) => engine.listen(socket, resolve));

      expect(await pingEngine(`unix://${socket}`)).toEqual({ state: 'answers' });
      status = 500;
      expect(await pingEngine(`unix://${socket}`)).toEqual({ state: 'silent', why: 'it answered 500' });
      await new Promise((resolve) => engine.close(resolve));
      expect(await pingEngine(`unix://${socket}`)).toMatchObject({ state: 'silent' });
      dir.remove();
    },
    LIMIT_MS,
  );
});
