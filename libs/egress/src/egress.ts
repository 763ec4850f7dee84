import { lookup } from 'node:dns/promises';
import { AppError } from '@slipway/kernel';
import { isPublic, parseAddress } from './address.js';
import { canonicalHost, isListed, NO_PRIVATE_HOSTS, type PrivateHosts } from './private-hosts.js';

/** All addresses of a name, as the machine's own resolver orders them. @throws when there is none */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** The way out to hosts that users name. */
export interface Egress {
  /**
   * The address to speak to, and to no other: a name that is resolved again may answer something else. May be called
   * concurrently.
   * @param host as a URL has it: a name, an IPv4 address, or an IPv6 address with or without brackets
   * @param signal ends the wait for the resolver
   * @throws AppError ADDRESS_REFUSED; what the resolver throws; the signal's reason
   */
  readonly addressOf: (host: string, signal?: AbortSignal) => Promise<string>;
}

export interface EgressOptions {
  /** Default: none. */
  readonly privateHosts?: PrivateHosts | undefined;
  /** Default: getaddrinfo(3), which knows /etc/hosts too. */
  readonly resolve?: Resolve;
}

/**
 * One refused address refuses the name, whatever else it answers: a public name that also leads inside is an attack or a
 * mistake, and taking the better half would make the answer depend on the order. Source: docs/adr/0015-private-addresses.md.
 */
export function egressTo({ privateHosts = NO_PRIVATE_HOSTS, resolve = resolveAll }: EgressOptions = {}): Egress {
  return {
    addressOf: async (host, signal) => {
      const name = canonicalHost(host);
      const addresses = parseAddress(name) ? [name] : await beforeAbort(resolve(name), signal);
      const [first] = addresses;
      if (first === undefined) throw new Error(`${name} has no address`);
      for (const text of addresses) {
        const address = parseAddress(text);
        if (!address || !(isPublic(address) || isListed(privateHosts, name, address)))
          throw new AppError('ADDRESS_REFUSED', { host: name });
      }
      return first.replace(/^\[(.*)\]$/, '$1');
    },
  };
}

const resolveAll: Resolve = async (host) => {
  const found = await lookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
};

/** A lookup cannot be cancelled, but nobody has to wait for it. */
function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort));
}
