import type { NetworkPolicy } from '@slipway/contracts';
import { BuildFailure } from './build-failure.js';

/** What the engine is told of the network of a build's steps. */
export interface StepNetwork {
  /** BuildKit knows this one, the host's, and its bridge. */
  readonly networkMode: 'none' | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** Which policies an agent can hold builds to. A bridge is open to the internet, or to the proxy: never to both. */
export const policiesWith = (proxyUrl: string | undefined): readonly NetworkPolicy[] => [
  'none',
  proxyUrl === undefined ? 'full' : 'proxy',
];

/**
 * The variables of a proxy only tell programs of it; that nothing else is reached is up to the engine's bridge. An agent
 * that has none such must not try.
 * @param proxyUrl all that the bridge lets steps reach; undefined: it is open to the internet
 * @throws BuildFailure NETWORK_UNSUPPORTED
 */
export function stepNetwork(policy: NetworkPolicy, proxyUrl: string | undefined): StepNetwork {
  if (!policiesWith(proxyUrl).includes(policy))
    throw new BuildFailure(
      'NETWORK_UNSUPPORTED',
      `The build is to reach the network by the policy ${JSON.stringify(policy)}; this agent has ${policiesWith(proxyUrl).join(' and ')}.`,
    );
  if (policy === 'none') return { networkMode: 'none', buildArgs: {} };
  return { networkMode: undefined, buildArgs: proxyUrl === undefined ? {} : proxyArguments(proxyUrl) };
}

/** Predefined by the engine: in no image, and no key of a cache. The classic builder hands them on as they are spelt. */
const proxyArguments = (proxyUrl: string): Readonly<Record<string, string>> =>
  Object.fromEntries(['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, proxyUrl]));
