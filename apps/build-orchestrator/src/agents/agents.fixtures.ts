import type { AgentHeartbeat } from '@slipway/contracts';

/** What an agent says of itself; one life an id, if not said otherwise. */
export const heartbeat = (agentId: string, said: Partial<AgentHeartbeat> = {}): AgentHeartbeat => ({
  agentId,
  instanceId: `00000000-0000-4000-9000-${Buffer.from(agentId.padEnd(6)).toString('hex').slice(0, 12)}`,
  version: '0.1.0',
  buildNodes: ['in'],
  labels: {},
  networkPolicies: ['none', 'full'],
  slots: 2,
  builds: [],
  pausedBy: [],
  freeDiskBytes: null,
  startedAt: '2026-01-02T03:04:05.678Z',
  isLast: false,
  ...said,
});
