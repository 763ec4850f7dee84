import type { Egress } from '@slipway/egress';
import { AppError } from '@slipway/kernel';
import type { RegistryCredentials } from '../builder/builder.js';
import { loginFor } from '../builder/registry-host.js';

/** A name that nobody has looked up by then is let through: then the engine does not find it either, ms. */
const LOOKUP_MS = 2_000;

/**
 * All logins that a build may show: those of its namespace, but for hosts with a private address, and the system's own,
 * which no namespace can replace.
 * @param onRefused told of each host that is left out
 */
export async function registryLogins(
  { system, registries, egress }: { system: RegistryCredentials; registries: RegistryCredentials; egress: Egress },
  onRefused: (host: string) => Promise<void>,
): Promise<RegistryCredentials> {
  const logins = new Map(system);
  for (const [host, login] of registries) {
    if (loginFor(system, host)) continue;
    if (await isReachable(egress, host)) logins.set(host, login);
    else await onRefused(host);
  }
  return logins;
}

async function isReachable(egress: Egress, host: string): Promise<boolean> {
  try {
    await egress.addressOf(hostnameOf(host), AbortSignal.timeout(LOOKUP_MS));
    return true;
  } catch (error) {
    return !(error instanceof AppError);
  }
}

/** Without the port. */
const hostnameOf = (host: string): string => host.replace(/:\d+$/, '');
