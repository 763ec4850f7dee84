import Docker from 'dockerode';
import { BuildFailure } from './build-failure.js';
import { openSession } from './buildkit-session.js';

/** First Docker API with BuildKit sessions and `/build/cancel` that is no experiment. Docker 18.09. */
const BUILDKIT_API = [1, 39] as const;

/** @param dockerHost `unix:///path` or `tcp://host:port` */
export function connectEngine(dockerHost: string): Docker {
  if (dockerHost.startsWith('unix://')) return new Docker({ socketPath: dockerHost.slice('unix://'.length) });
  const { protocol, hostname, port } = new URL(dockerHost);
  if (!['tcp:', 'http:', 'https:'].includes(protocol))
    throw new Error(`DOCKER_HOST must be unix:///path or tcp://host:port, not ${protocol}`);
  return new Docker({ host: hostname, port: port || '2375', protocol: protocol === 'https:' ? 'https' : 'http' });
}

/**
 * Asks the engine which builder it has. Docker's ping names its *default* builder (`Builder-Version: 1` up to 20.10,
 * though BuildKit is there), and podman claims a Docker API without any BuildKit; so the proof is a session that opens.
 * @throws BuildFailure ENGINE_UNAVAILABLE
 */
export async function detectBuilder(docker: Docker): Promise<'buildkit' | 'classic'> {
  const version = await docker.version().catch((cause: unknown) => {
    throw new BuildFailure('ENGINE_UNAVAILABLE', undefined, { cause });
  });
  const isDocker = version.Components?.some(({ Name }) => Name === 'Engine') ?? false;
  if (!isDocker || version.Os !== 'linux' || !isAtLeast(version.ApiVersion, BUILDKIT_API)) return 'classic';
  const session = await openSession(docker, {}).catch(() => undefined);
  await session?.close();
  return session ? 'buildkit' : 'classic';
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [gotMajor = 0, gotMinor = 0] = version.split('.').map(Number);
  return gotMajor > major || (gotMajor === major && gotMinor >= minor);
}

/** Stops a BuildKit build; dockerode has no method for it. Silent when the engine knows no such build. */
export function cancelBuild(docker: Docker, engineId: string): Promise<void> {
  const options = { _query: { id: engineId }, _body: {} };
  const statusCodes = { 200: true, 204: true, 404: true, 500: 'server error' };
  return new Promise((resolve, reject) => {
    docker.modem.dial({ method: 'POST', path: '/build/cancel?', options, statusCodes }, (error: unknown) =>
      error ? reject(error as Error) : resolve(),
    );
  });
}

export interface PrunedCache {
  readonly records: number;
  readonly bytes: number;
}

/**
 * Makes BuildKit give up cache: what nobody has used for so long, or the oldest until no more than `keepBytes` are left.
 * It keeps what a build uses just now, and what images are made of. dockerode's own method sends no options.
 */
export function pruneCache(
  docker: Docker,
  limit: { readonly keepBytes: number } | { readonly unusedForMs: number },
): Promise<PrunedCache> {
  const _query =
    'keepBytes' in limit
      ? { 'keep-storage': limit.keepBytes }
      : { filters: JSON.stringify({ until: [`${limit.unusedForMs}ms`] }) };
  const options = { _query, _body: {} };
  const statusCodes = { 200: true, 500: 'server error' };
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      { method: 'POST', path: '/build/prune?', options, statusCodes },
      (error: unknown, answer: unknown) => {
        if (error) return reject(error as Error);
        const { CachesDeleted, SpaceReclaimed } = (answer ?? {}) as {
          CachesDeleted?: readonly string[] | null;
          SpaceReclaimed?: number;
        };
        resolve({ records: CachesDeleted?.length ?? 0, bytes: SpaceReclaimed ?? 0 });
      },
    );
  });
}
