import { z } from 'zod';
import { Namespace } from '../names.js';

/** What the steps of a Dockerfile may reach, from the strictest on. */
export const NetworkPolicy = z.enum(['none', 'proxy', 'full']).meta({
  description:
    'What the steps of a build may reach. `none`: nothing; `proxy`: what the proxy of the agents lets through; `full`: ' +
    'the internet. Base images are pulled by the engine and are not meant.',
});
export type NetworkPolicy = z.infer<typeof NetworkPolicy>;

/** Body of `PUT /v1/namespaces/{namespace}/network-policy`. */
export const NetworkPolicyBody = z.object({
  policy: NetworkPolicy.nullable().describe("Null: the operator's default, whatever it will be."),
});
export type NetworkPolicyBody = z.infer<typeof NetworkPolicyBody>;

export const NetworkPolicyView = z.object({
  namespace: Namespace,
  policy: NetworkPolicy.describe('Of a build that is asked for now.'),
  chosen: NetworkPolicy.nullable().describe('For this namespace; null: nobody has chosen one.'),
  default_policy: NetworkPolicy.describe("The operator's, where nobody has chosen; administrators of a namespace choose nothing looser."), // prettier-ignore
  loosest_policy: NetworkPolicy.describe("The operator's limit, for everybody."),
});
export type NetworkPolicyView = z.infer<typeof NetworkPolicyView>;

/** The operator's word, in the environment of the repository service and of orchestrators. Both need the same. */
export const networkPolicyEnv = {
  NETWORK_POLICY_DEFAULT: NetworkPolicy.default('full'),
  NETWORK_POLICY_LOOSEST: NetworkPolicy.default('full'),
} as const;
