import Docker from 'dockerode';
import { importBusyboxImage } from './busybox-image.js';

describe('the base image', () => {
  it('is kept when it is there already, so that nobody loses the cache that stands on it', async () => {
    const socketPath = (process.env['SLIPWAY_DOCKER_HOST'] ?? '').replace('unix://', '');
    const docker = new Docker({ socketPath });
    const image = { repo: 'slipway-spec/kept', tag: String(process.pid) };
    const first = await importBusyboxImage(docker, image);
    expect(await importBusyboxImage(docker, image)).toEqual(first);
    await docker.getImage(first.name).remove();
  }, 30_000);
});
