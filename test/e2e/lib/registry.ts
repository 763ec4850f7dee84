import { z } from 'zod';

/** What a registry says about an image, asked over HTTP as any client would. */
export interface RegistryView {
  /** `host:port`, as image names begin. */
  readonly host: string;
  /** For whoever pulls; empty where the registry has none. */
  readonly login: { readonly username: string; readonly password: string };
  /** Digest of what the tag names; `undefined`: there is no such tag. */
  readonly digestOf: (repository: string, tag: string) => Promise<string | undefined>;
  readonly tags: (repository: string) => Promise<readonly string[]>;
}

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json';
const Tags = z.object({ tags: z.array(z.string()).nullable() });

export function connectRegistry(url: string): RegistryView {
  const { host, origin, username, password } = new URL(url);
  const login = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const authorization: Record<string, string> = username
    ? { authorization: `Basic ${btoa(`${login.username}:${login.password}`)}` }
    : {};
  return {
    host,
    login,
    digestOf: async (repository, tag) => {
      const response = await fetch(`${origin}/v2/${repository}/manifests/${tag}`, {
        method: 'HEAD',
        headers: { accept: MANIFEST, ...authorization },
      });
      if (response.status === 404) return undefined;
      if (!response.ok) throw new Error(`${response.status} for ${repository}:${tag}`);
      return response.headers.get('docker-content-digest') ?? undefined;
    },
    tags: async (repository) => {
      const response = await fetch(`${origin}/v2/${repository}/tags/list`, { headers: authorization });
      if (!response.ok && response.status !== 404) throw new Error(`${response.status} for ${repository}`);
      return response.status === 404 ? [] : (Tags.parse(await response.json()).tags ?? []);
    },
  };
}
