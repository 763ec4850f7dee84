import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import Docker from 'dockerode';

/** @param dockerHost `unix:///path` or `tcp://host:port` */
export function connectDocker(dockerHost: string | undefined): Docker {
  if (dockerHost === undefined) throw new Error('this system runs no engine');
  if (dockerHost.startsWith('unix://')) return new Docker({ socketPath: dockerHost.slice('unix://'.length) });
  const { hostname, port } = new URL(dockerHost);
  return new Docker({ host: hostname, port });
}

/** Local images with this in their name. */
export async function imagesNamed(docker: Docker, name: string): Promise<readonly string[]> {
  const images = await docker.listImages();
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.includes(name));
}

export interface PulledImage {
  /** `sha256:…` */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What its own command prints. */
  readonly output: string;
}

/** Pulls as any user would, runs what the image says, and removes both again. */
export async function pullAndRun(
  docker: Docker,
  reference: string,
  authconfig: Docker.AuthConfig,
): Promise<PulledImage> {
  const pull = await docker.pull(reference, { authconfig });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(pull, (error) => (error ? reject(error) : resolve())),
  );
  const image = docker.getImage(reference);
  try {
    const { Id, Config } = await image.inspect();
    return { id: Id, labels: Config.Labels ?? {}, output: await run(docker, reference) };
  } finally {
    await image.remove({ force: true });
  }
}

async function run(docker: Docker, image: string): Promise<string> {
  const container = await docker.createContainer({ Image: image, NetworkDisabled: true });
  try {
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const output = new PassThrough();
    const pieces: Buffer[] = [];
    output.on('data', (piece: Buffer) => pieces.push(piece));
    docker.modem.demuxStream(stream, output, output);
    await container.start();
    await finished(stream, { writable: false });
    return Buffer.concat(pieces).toString();
  } finally {
    await container.remove({ force: true });
  }
}
