import type { AgentTraits } from '../agent/heartbeat.js';
import type { NetworkPolicy } from '../namespace/network-policy.js';
import type { BuildSpec } from './spec.js';

/** Which agents may run a build. */
export interface BuildNeeds {
  readonly buildNode: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly networkPolicy: NetworkPolicy;
}

/** Requests from before there were policies had `full`. */
export const needsOf = ({ buildNode, agentLabels = {}, networkPolicy = 'full' }: BuildSpec): BuildNeeds => ({
  buildNode,
  labels: agentLabels,
  networkPolicy,
});

/** Whether an agent of the right build node has every label that is asked for, and can hold a build to its policy. */
export const suits = ({ buildNodes, labels, networkPolicies }: Readonly<AgentTraits>, needs: BuildNeeds): boolean =>
  buildNodes.includes(needs.buildNode) &&
  networkPolicies.includes(needs.networkPolicy) &&
  Object.entries(needs.labels).every(([name, value]) => labels[name] === value);
