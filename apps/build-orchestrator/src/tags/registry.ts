import { AppError } from '@slipway/kernel';
import { basicAuthorization } from '@slipway/platform';

const REQUEST_LIMIT_MS = 15_000;
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** An image registry, as far as public tags need it. */
export interface Registry {
  /**
   * Makes `tag` name the manifest `digest`. Safe to repeat.
   * @throws REGISTRY_UNAVAILABLE; MESSAGE_INVALID when the registry has no such manifest
   */
  readonly tag: (repository: string, tag: string, digest: string) => Promise<void>;
}

/** Source: the OCI distribution specification, "Pulling manifests" and "Pushing manifests". */
export function connectRegistry(registryUrl: string): Registry {
  const { origin, username, password } = new URL(registryUrl);
  const authorization: Record<string, string> = username
    ? { authorization: basicAuthorization(decodeURIComponent(username), decodeURIComponent(password)) }
    : {};

  async function call(
    path: string,
    init: { method: string; headers: Record<string, string>; body?: Uint8Array<ArrayBuffer> },
  ): Promise<Response> {
    try {
      return await fetch(`${origin}${path}`, {
        ...init,
        headers: { ...authorization, ...init.headers },
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
      });
    } catch (cause) {
      throw new AppError('REGISTRY_UNAVAILABLE', { path }, { cause });
    }
  }

  return {
    tag: async (repository, tag, digest) => {
      const got = await call(`/v2/${repository}/manifests/${digest}`, {
        method: 'GET',
        headers: { accept: MANIFEST_TYPES },
      });
      const manifest = new Uint8Array(await got.arrayBuffer());
      if (got.status === 404)
        throw new AppError('MESSAGE_INVALID', { repository, digest, reason: 'not in the registry' });
      if (!got.ok) throw new AppError('REGISTRY_UNAVAILABLE', { repository, status: got.status });
      const put = await call(`/v2/${repository}/manifests/${tag}`, {
        method: 'PUT',
        headers: {
          'content-type': got.headers.get('content-type') ?? 'application/vnd.docker.distribution.manifest.v2+json',
        },
        body: manifest,
      });
      await put.arrayBuffer();
      if (!put.ok) throw new AppError('REGISTRY_UNAVAILABLE', { repository, tag, status: put.status });
    },
  };
}

/** Records tags without a registry: for load tests, where no image exists. */
export const noRegistry: Registry = { tag: () => Promise.resolve() };
