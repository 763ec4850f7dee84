import type { AgentTraits } from '../agent/heartbeat.js';
import { suits } from './needs.js';

const agent: AgentTraits = {
  buildNodes: ['in', 'out'],
  labels: { arch: 'arm64', gpu: 'no' },
  networkPolicies: ['none', 'proxy'],
};
const plain = { buildNode: 'in', labels: {}, networkPolicy: 'none' as const };

describe('an agent suits a build', () => {
  it('that asks for nothing but a build node of its own', () => {
    expect(['in', 'out', 'far'].map((buildNode) => suits(agent, { ...plain, buildNode }))).toEqual([true, true, false]);
  });

  it('whose labels it has, all of them and with these values', () => {
    const asked = (labels: Record<string, string>): boolean => suits(agent, { ...plain, labels });
    expect([asked({ arch: 'arm64' }), asked({ arch: 'arm64', gpu: 'no' })]).toEqual([true, true]);
    expect([asked({ arch: 'amd64' }), asked({ arch: 'arm64', disk: 'fast' })]).toEqual([false, false]);
  });

  it('whose network policy it can hold a build to', () => {
    const policies = ['none', 'proxy', 'full'] as const;
    expect(policies.map((networkPolicy) => suits(agent, { ...plain, networkPolicy }))).toEqual([true, true, false]);
  });
});
