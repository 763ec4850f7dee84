import Docker from 'dockerode';
import { importBusyboxImage } from '@slipway/testing';
import { parseDockerHost } from '../setup/docker-host.js';
import { deleteFromEngine } from './engine-thing.js';
import { LIMIT_MS } from './fixtures.js';
import { sweep } from './leftovers.js';

const dockerHost = process.env['SLIPWAY_DOCKER_HOST'] ?? '';

describe('what a launcher left on an engine', () => {
  it(
    'goes with the rest: a running container, then its image; a second time is no error',
    async () => {
      const docker = new Docker(parseDockerHost(dockerHost));
      const name = `slipway-spec-${process.pid}`;
      const { name: image } = await importBusyboxImage(docker, { repo: 'slipway-spec/left', tag: String(process.pid) });
      const container = await docker.createContainer({ name, Image: image, Cmd: ['sleep', '300'] });
      await container.start();
      const leftovers = {
        mark: 'no-process-has-this-mark',
        children: [],
        things: [
          { kind: 'engine-thing', dockerHost, path: `/images/${image}` },
          { kind: 'engine-thing', dockerHost, path: `/containers/${name}?force=true` },
        ],
      } as const;

      await sweep(leftovers);
      await expect(container.inspect()).rejects.toMatchObject({ statusCode: 404 });
      await expect(docker.getImage(image).inspect()).rejects.toMatchObject({ statusCode: 404 });
      await sweep(leftovers);
    },
    LIMIT_MS,
  );

  it('is gone with an engine that is gone', () => deleteFromEngine('unix:///nowhere/docker.sock', '/containers/x'));
});
