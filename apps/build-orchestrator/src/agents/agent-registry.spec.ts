import { countingIds } from '@slipway/testing';
import { heartbeat } from './agents.fixtures.js';
import { AgentRegistry, LOST_MS } from './agent-registry.js';

const at = '2026-01-02T03:04:05.678Z';
const HOUR_MS = 3_600_000;

function registry() {
  const time = { ms: 0 };
  const shared: string[] = [];
  const agents = new AgentRegistry(
    () => time.ms,
    (agentId) => shared.push(agentId),
  );
  const hear = (...said: Parameters<typeof heartbeat>) => agents.hear(heartbeat(...said), at);
  const states = () => agents.all().map(({ said, isLive, sharesId }) => [said.agentId, isLive, sharesId]);
  return { agents, time, shared, hear, states };
}

describe('what is known of agents', () => {
  it('is what each said last, by id', () => {
    const { agents, hear } = registry();
    hear('b');
    hear('a', { builds: [] });
    hear('a', { builds: ['5709f780-e8fb-4b52-aa3b-6256b572fb51'] });
    expect(agents.all()).toMatchObject([
      { said: { agentId: 'a', builds: ['5709f780-e8fb-4b52-aa3b-6256b572fb51'] }, lastSeenAt: at },
      { said: { agentId: 'b', builds: [] } },
    ]);
  });

  it('is that one is lost after 15 s of silence, and back with its next word', () => {
    const { agents, time, hear, states } = registry();
    hear('a');
    time.ms = LOST_MS;
    expect(states()).toEqual([['a', true, false]]);
    time.ms = LOST_MS + 1;
    expect(states()).toEqual([['a', false, false]]);
    expect(agents.live()).toEqual([]);
    hear('a');
    expect(states()).toEqual([['a', true, false]]);
  });

  it('is that one has ended at once when it says goodbye', () => {
    const { hear, states } = registry();
    hear('a');
    hear('a', { isLast: true });
    expect(states()).toEqual([['a', false, false]]);
  });

  it('is forgotten an hour after its last word, or with the next life of the same agent', () => {
    const { time, hear, states } = registry();
    hear('a', { isLast: true });
    hear('b', { isLast: true });
    hear('a', { instanceId: countingIds()() });
    expect(states()).toEqual([
      ['a', true, false],
      ['b', false, false],
    ]);
    time.ms = HOUR_MS + 1;
    expect(states()).toEqual([]);
  });

  it('is forgotten when its next life began before anybody had missed it', () => {
    const { time, hear, states } = registry();
    const next = { instanceId: countingIds()(), startedAt: '2026-01-02T03:05:00.000Z' };
    hear('a');
    time.ms = LOST_MS / 2;
    hear('a', next);
    time.ms = LOST_MS + 1;
    expect(states()).toEqual([['a', true, false]]);
  });

  it('is that two live ones have one id, told once', () => {
    const { time, shared, hear, states } = registry();
    const other = countingIds()();
    hear('a');
    for (let beat = 0; beat < 3; beat++) hear('a', { instanceId: other });
    expect(states()).toEqual([
      ['a', true, true],
      ['a', true, true],
    ]);
    expect(shared).toEqual(['a']);
    time.ms = LOST_MS + 1;
    hear('a', { instanceId: other });
    expect(states().filter(([, isLive]) => isLive)).toEqual([['a', true, false]]);
  });

  it('takes in a new one at the same cost, however many are known', () => {
    const looksAtTheClock = (known: number): number => {
      let looks = 0;
      const agents = new AgentRegistry(() => ++looks);
      const ids = countingIds();
      for (let n = 0; n < known; n++) agents.hear(heartbeat(`agent-${n}`, { instanceId: ids() }), at);
      looks = 0;
      agents.hear(heartbeat('another', { instanceId: ids() }), at);
      return looks;
    };
    expect(looksAtTheClock(1_000)).toBe(looksAtTheClock(10));
  });
});
