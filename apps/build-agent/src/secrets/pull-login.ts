import { createHmac } from 'node:crypto';
import { Secret } from '@slipway/platform';
import type { RegistryLogin } from '../builder/builder.js';

/**
 * For base images out of the system's own registry: reads the repositories of one namespace there, until a time. A build is
 * never shown the login that it is made of, which opens those of all. Source: deploy/registry/gate.mjs, which lets it
 * in; any other registry refuses it.
 */
export function pullLogin({ password }: RegistryLogin, namespace: string, untilMs: number): RegistryLogin {
  const username = `pull.${namespace}.${Math.ceil(untilMs / 1_000)}`;
  const secret = createHmac('sha256', password.reveal()).update(username).digest('base64url');
  return { username, password: new Secret(secret) };
}
