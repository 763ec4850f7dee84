import { type BaseImage, importBusyboxImage } from '@slipway/testing';
import type Docker from 'dockerode';
import { Problem } from '../problem.js';
import { withProgress } from '../progress.js';

const PUBLIC_IMAGE = 'busybox:1.37';
const PULL_LIMIT_MS = 30_000;

export interface BaseImageOptions {
  readonly image: BaseImage;
  /** The program, for engines that can pull nothing. */
  readonly busybox: Promise<string | undefined>;
  /** Called with the name of every image before it is made. */
  readonly leave: (image: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Gives the engine an image with a shell and a web server: a public one, or one made of Debian's busybox-static.
 * @returns where it comes from, for a person
 */
export async function provideBaseImage(docker: Docker, options: BaseImageOptions): Promise<string> {
  const { image, busybox, leave, signal } = options;
  leave(`${image.repo}:${image.tag}`);
  const refused = await providePublic(docker, options).then(
    () => undefined,
    (error: Error) => error,
  );
  if (!refused) return PUBLIC_IMAGE;
  signal.throwIfAborted();
  const file = await busybox.catch((cause: Error) => {
    throw new Problem(
      `there is no base image: ${PUBLIC_IMAGE} cannot be pulled (${refused.message}), and ${cause.message}`,
    );
  });
  await importBusyboxImage(docker, image, file);
  return `made of Debian's busybox-static, since ${PUBLIC_IMAGE} cannot be pulled here`;
}

async function providePublic(docker: Docker, { image, leave, signal }: BaseImageOptions): Promise<void> {
  const found = docker.getImage(PUBLIC_IMAGE);
  const isThere = await found.inspect().then(
    () => true,
    () => false,
  );
  if (!isThere) {
    leave(PUBLIC_IMAGE);
    const limited = AbortSignal.any([signal, AbortSignal.timeout(PULL_LIMIT_MS)]);
    await withProgress(`pulling ${PUBLIC_IMAGE}`, () => pullImage(docker, PUBLIC_IMAGE, { signal: limited }));
  }
  await found.tag(image);
}

/** The engine answers 200 before it begins: an error comes in the stream. */
export async function pullImage(
  docker: Docker,
  reference: string,
  { signal, authconfig }: { readonly signal: AbortSignal; readonly authconfig?: Docker.AuthConfig },
): Promise<void> {
  const messages = await docker.pull(reference, { abortSignal: signal, ...(authconfig ? { authconfig } : {}) });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(messages, (error) => (error ? reject(error) : resolve()));
  });
}
