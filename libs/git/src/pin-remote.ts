import type { Egress } from '@slipway/egress';
import { AppError } from '@slipway/kernel';
import { endpointOf, type PinnedRemote, type Remote } from './remote.js';
import { SourceFailure } from './source-failure.js';

const HTTP_PROXIES = ['http_proxy', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'] as const;

export interface PinOptions {
  readonly egress: Egress;
  readonly signal: AbortSignal;
  /** Where proxies are read. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Looks up where the remote is, once, right before git is started: git is told the address and looks nothing up itself.
 * Behind a proxy a name that only the proxy knows is left to it. Source: docs/adr/0015-private-addresses.md.
 * @throws SourceFailure SOURCE_ADDRESS_REFUSED, SOURCE_UNREACHABLE; the signal's reason
 */
export async function pinRemote(remote: Remote, { egress, signal, environment }: PinOptions): Promise<PinnedRemote> {
  const { hostname } = endpointOf(remote);
  try {
    return { ...remote, address: await egress.addressOf(hostname, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError && error.code === 'ADDRESS_REFUSED') throw refused(remote);
    if (remote.transport === 'http' && HTTP_PROXIES.some((name) => environment[name]))
      return { ...remote, address: undefined };
    throw new SourceFailure(
      'SOURCE_UNREACHABLE',
      `The code repository ${remote.name} could not be reached: no address of ${hostname} was found.`,
    );
  }
}

const refused = ({ name }: Remote): SourceFailure =>
  new SourceFailure(
    'SOURCE_ADDRESS_REFUSED',
    `The code repository ${name} lies at a private address, which is not spoken to unless PRIVATE_HOSTS lists it.`,
  );
