import type { Job } from '@slipway/contracts';
import { policiesWith } from '../builder/network.js';
import type { AgentConfig } from '../config.js';

/** Whether an agent has every label that a job asks for, and can hold its build to its network policy. */
export const suitsOf =
  ({ AGENT_LABELS: own, BUILD_PROXY_URL: proxyUrl }: Pick<AgentConfig, 'AGENT_LABELS' | 'BUILD_PROXY_URL'>) =>
  ({ labels, networkPolicy }: Pick<Job, 'labels' | 'networkPolicy'>): boolean =>
    policiesWith(proxyUrl).includes(networkPolicy) &&
    Object.entries(labels).every(([name, value]) => own[name] === value);
