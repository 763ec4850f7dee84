import { suitsOf } from './suits.js';

const plain = { labels: {}, networkPolicy: 'full' as const };
const agent = { AGENT_LABELS: { arch: 'arm64', gpu: 'no' }, BUILD_PROXY_URL: undefined };

describe('an agent suits a job', () => {
  it('that asks for nothing', () => expect(suitsOf(agent)(plain)).toBe(true));

  it('whose labels it has, all of them and with these values', () => {
    const suits = (labels: Record<string, string>) => suitsOf(agent)({ ...plain, labels });
    expect([suits({ arch: 'arm64' }), suits({ arch: 'arm64', gpu: 'no' })]).toEqual([true, true]);
    expect([suits({ arch: 'amd64' }), suits({ arch: 'arm64', disk: 'fast' })]).toEqual([false, false]);
  });

  it('whose network policy it can hold a build to', () => {
    const behindProxy = { ...agent, BUILD_PROXY_URL: 'http://proxy.example:3128' };
    const policies = ['none', 'proxy', 'full'] as const;
    expect(policies.map((networkPolicy) => suitsOf(agent)({ ...plain, networkPolicy }))).toEqual([true, false, true]);
    expect(policies.map((networkPolicy) => suitsOf(behindProxy)({ ...plain, networkPolicy }))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
