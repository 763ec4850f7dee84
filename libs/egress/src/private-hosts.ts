import { z } from 'zod';
import { isWithin, parseRange, type Address, type Range } from './address.js';

/** Private places that may be spoken to all the same. */
export interface PrivateHosts {
  /** Lower case, without a dot at the end. */
  readonly names: ReadonlySet<string>;
  readonly ranges: readonly Range[];
}

export const NO_PRIVATE_HOSTS: PrivateHosts = { names: new Set(), ranges: [] };

const HOST_NAME = /^(?=.*[a-z])[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/;

/** The one spelling of a host: lower case, without the dot of the root. */
export const canonicalHost = (host: string): string => host.toLowerCase().replace(/\.+$/, '');

/** @throws Error that names the entry which is no host name, address or CIDR range */
export function parsePrivateHosts(text: string): PrivateHosts {
  const entries = text
    .split(',')
    .map((entry) => canonicalHost(entry.trim()))
    .filter((entry) => entry !== '');
  const names = new Set<string>();
  const ranges: Range[] = [];
  for (const entry of entries) {
    const range = parseRange(entry);
    if (range) ranges.push(range);
    else if (HOST_NAME.test(entry)) names.add(entry);
    else throw new Error(`${entry} is no host name, address or CIDR range`);
  }
  return { names, ranges };
}

export const isListed = ({ names, ranges }: PrivateHosts, host: string, address: Address): boolean =>
  names.has(host) || ranges.some((range) => isWithin(address, range));

/** In the environment of every service that speaks to hosts which users name. All of them need the same. */
export const privateHostsEnv = {
  /** Comma-separated host names, addresses and CIDR ranges. */
  PRIVATE_HOSTS: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return parsePrivateHosts(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'not readable' });
        return z.NEVER;
      }
    }),
} as const;
