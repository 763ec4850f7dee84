import { suits, type AgentTraits, type BuildNeeds } from '@slipway/contracts';
import { policiesWith } from '../builder/network.js';
import type { AgentConfig } from '../config.js';

type Settings = Pick<AgentConfig, 'BUILD_NODE' | 'AGENT_LABELS' | 'BUILD_PROXY_URL'>;

/** What decides which builds this agent may run. */
export const traitsOf = ({ BUILD_NODE, AGENT_LABELS, BUILD_PROXY_URL }: Settings): AgentTraits => ({
  buildNodes: [BUILD_NODE],
  labels: AGENT_LABELS,
  networkPolicies: [...policiesWith(BUILD_PROXY_URL)],
});

/** Whether this agent may take a job. */
export function suitsOf(settings: Settings): (needs: BuildNeeds) => boolean {
  const traits = traitsOf(settings);
  return (needs) => suits(traits, needs);
}
