import type { Place } from './build-queue.js';
import { waitingReasonOf } from './build-place.js';
import type { ReadyAgent } from './capacity.js';

const build = { attempt: 0, buildNode: 'in', labels: {}, networkPolicy: 'full' as const };
const agent: ReadyAgent = {
  agentId: 'a1',
  buildNodes: ['in'],
  labels: {},
  networkPolicies: ['none', 'full'],
  slots: 2,
};
const elsewhere: ReadyAgent = { ...agent, buildNodes: ['cn'] };
const NOBODY = { agents: 0, slots: 0, free: 0 };
const place = (said: Partial<Place> = {}): Place => ({
  ahead: 3,
  capacity: { agents: 1, slots: 2, free: 0 },
  isHeldBack: false,
  ...said,
});

describe('why a build waits', () => {
  it.each([
    ['namespace_limit', build, place({ isHeldBack: true }), [agent]],
    ['no_agent', build, place({ capacity: NOBODY }), []],
    ['no_agent', build, place({ capacity: NOBODY }), [elsewhere]],
    ['no_agent', { ...build, labels: { arch: 'arm64' } }, place({ capacity: NOBODY }), [agent]],
    ['no_agent', { ...build, networkPolicy: 'proxy' }, place({ capacity: NOBODY }), [agent]],
    ['agents_paused', build, place({ capacity: NOBODY }), [agent]],
    ['next_attempt', { ...build, attempt: 1 }, place(), [agent]],
    ['next', build, place({ ahead: 0 }), [agent]],
    ['next', build, place({ ahead: 1, capacity: { agents: 1, slots: 2, free: 2 } }), [agent]],
    ['agents_busy', build, place({ ahead: 2, capacity: { agents: 1, slots: 2, free: 2 } }), [agent]],
    ['agents_busy', build, place({ ahead: 1 }), [agent]],
  ] as const)('%s', (reason, waiting, where, live) => expect(waitingReasonOf(waiting, where, () => live)).toBe(reason));

  it('is the first of those that hold', () => {
    const lost = { ...build, attempt: 1 };
    const nobody = place({ ahead: 0, capacity: NOBODY });
    expect(waitingReasonOf(lost, { ...nobody, isHeldBack: true }, () => [])).toBe('namespace_limit');
    expect(waitingReasonOf(lost, nobody, () => [])).toBe('no_agent');
    expect(waitingReasonOf(lost, nobody, () => [agent])).toBe('agents_paused');
    expect(waitingReasonOf(lost, place({ ahead: 0 }), () => [agent])).toBe('next_attempt');
  });
});
