import type { RegistryCredentials, RegistryLogin } from './builder.js';

/** Docker Hub's many names: images say `docker.io` or nothing, its API is on another host. */
const DOCKER_HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'https://index.docker.io/v1/']);

/** The host of an image name, as credentials are kept: `host:5000/a/b` → `host:5000`; `a/b` → `docker.io`. */
export function registryHost(imageName: string): string {
  const slash = imageName.indexOf('/');
  const first = slash === -1 ? '' : imageName.slice(0, slash);
  // Source: github.com/distribution/reference, splitDockerDomain.
  return /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase() ? canonical(first) : 'docker.io';
}

/** Exact match only: no suffix, no other port, no other case but the host's own. */
export function loginFor(credentials: RegistryCredentials, host: string): RegistryLogin | undefined {
  const wanted = canonical(host);
  for (const [known, login] of credentials) if (canonical(known) === wanted) return login;
  return undefined;
}

const canonical = (host: string): string => (DOCKER_HUB.has(host) ? 'docker.io' : host.toLowerCase());

/** Docker's authconfig of one registry, or nothing. */
export function authConfig(
  credentials: RegistryCredentials | undefined,
  host: string,
): { username: string; password: string; serveraddress: string } | undefined {
  const login = credentials && loginFor(credentials, host);
  return login && { username: login.username, password: login.password.reveal(), serveraddress: host };
}
