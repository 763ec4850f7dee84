import { BuildQueue, type QueuedBuild } from './build-queue.js';
import type { ReadyAgent } from './capacity.js';

interface Asked {
  readonly priority?: number;
  readonly buildNode?: string;
  readonly labels?: Record<string, string>;
  readonly networkPolicy?: QueuedBuild['networkPolicy'];
}
const agent = (agentId: string, slots: number, said: Partial<ReadyAgent> = {}): ReadyAgent => ({
  agentId,
  slots,
  buildNodes: ['in'],
  labels: {},
  networkPolicies: ['none', 'full'],
  ...said,
});

/** A queue and the builds in it; what is offered, taken or ended is told to it as the relay would. */
function queueWith(agents: readonly ReadyAgent[], limit?: number) {
  const queue = new BuildQueue<QueuedBuild>(limit);
  queue.setAgents(agents);
  const builds = new Map<string, QueuedBuild>();
  let position = 0;
  const set = (buildId: string, changed: Partial<QueuedBuild> | undefined): void => {
    const before = builds.get(buildId);
    const after = before && changed && { ...before, ...changed };
    if (after) builds.set(buildId, after);
    else builds.delete(buildId);
    queue.move(before, after);
  };
  return {
    queue,
    ask: (
      namespace: string,
      count = 1,
      { priority = 5, buildNode = 'in', labels = {}, networkPolicy = 'full' }: Asked = {},
    ) => {
      for (let number = 0; number < count; number++) {
        const buildId = `${namespace}${++position}`;
        const asked = { buildId, namespace, priority, buildNode, labels, networkPolicy, position };
        const build: QueuedBuild = { ...asked, stage: 'waiting', agentId: undefined };
        builds.set(buildId, build);
        queue.move(undefined, build);
      }
    },
    /** What is offered now, in order. */
    offers: (): readonly string[] => {
      const offered: string[] = [];
      for (let build = queue.next(); build; build = queue.next()) {
        set(build.buildId, { stage: 'offered' });
        offered.push(build.buildId);
      }
      return offered;
    },
    take: (agentId: string, ...ids: readonly string[]) => {
      for (const id of ids) set(id, { stage: 'running', agentId });
    },
    lose: (id: string) => set(id, { stage: 'offered', agentId: undefined }),
    end: (...ids: readonly string[]) => {
      for (const id of ids) set(id, undefined);
    },
    place: (id: string) => {
      const build = builds.get(id);
      if (!build) throw new Error(`no build ${id}`);
      return queue.placeOf(build);
    },
  };
}

describe('what is offered', () => {
  it('fills every free slot and a quarter more, and one for each that is taken or ends', () => {
    const { ask, offers, take, end } = queueWith([agent('a1', 4), agent('a2', 4)]);
    ask('alice', 20);
    const first = offers();
    expect(first).toHaveLength(10);
    take('a1', ...first.slice(0, 4));
    take('a2', ...first.slice(4, 8));
    expect(offers()).toEqual([]);
    end('alice1');
    expect(offers()).toEqual(['alice11']);
    take('a1', 'alice9');
    expect(offers()).toEqual([]);
  });

  it('is a little while no agent is known, and nothing more for one that suits nobody', () => {
    const { queue, ask, offers } = queueWith([]);
    ask('alice', 5);
    expect(offers()).toEqual(['alice1', 'alice2']);
    queue.setAgents([agent('elsewhere', 8, { buildNodes: ['cn'] })]);
    expect(offers()).toEqual([]);
    queue.setAgents([agent('a1', 2)]);
    expect(offers()).toEqual(['alice3']);
  });

  it('goes to agents with the labels that are asked for; beside others no more than they can take at once', () => {
    const { queue, ask, offers, take, end } = queueWith([agent('a1', 4)]);
    ask('alice', 4, { labels: { arch: 'arm64' } });
    ask('alice', 1);
    expect(offers()).toEqual(['alice5']);
    queue.setAgents([agent('a1', 4), agent('arm', 2, { labels: { arch: 'arm64', disk: 'fast' } })]);
    expect(offers()).toEqual(['alice1', 'alice2']);
    take('arm', 'alice1', 'alice2');
    expect(offers()).toEqual([]);
    end('alice1');
    expect(offers()).toEqual(['alice3']);
    queue.setAgents([agent('arm', 2, { labels: { arch: 'arm64' } })]);
    expect(offers()).toEqual(['alice4']); // nobody else there: one lies ready
  });

  it('goes to agents that can hold a build to its network policy', () => {
    const { queue, ask, offers, place } = queueWith([agent('a1', 2)]);
    ask('alice', 2, { networkPolicy: 'proxy' });
    ask('alice', 1, { networkPolicy: 'none' });
    expect(offers()).toEqual(['alice3']);
    expect(place('alice1').capacity).toEqual({ agents: 0, slots: 0, free: 0 });
    queue.setAgents([agent('a1', 2), agent('a2', 1, { networkPolicies: ['none', 'proxy'] })]);
    expect(offers()).toEqual(['alice1']);
    expect(place('alice2').capacity).toEqual({ agents: 1, slots: 1, free: 1 });
  });
});

describe('whose turn it is', () => {
  it('is that of the namespace with the least at work, however many builds another has waiting', () => {
    const { ask, offers, take, end } = queueWith([agent('a1', 1)]);
    ask('alice', 5_000);
    expect(offers()).toEqual(['alice1', 'alice2']);
    take('a1', 'alice1');
    ask('bob');
    expect(offers()).toEqual([]);
    end('alice1');
    take('a1', 'alice2');
    expect(offers()).toEqual(['bob5001']);
    end('alice2');
    take('a1', 'bob5001');
    expect(offers()).toEqual(['alice3']);
  });

  it('goes round among those with the same', () => {
    const { ask, offers } = queueWith([agent('a1', 8)]);
    for (const namespace of ['a', 'b', 'c']) ask(namespace, 10);
    expect(
      offers()
        .map((id) => id[0])
        .join(''),
    ).toBe('abcabcabca');
  });

  it('leaves room to those who have less, until all have the same', () => {
    const { ask, offers, take } = queueWith([agent('a1', 6)]);
    ask('a', 4);
    take('a1', ...offers());
    ask('a', 9);
    ask('b', 9);
    expect(
      offers()
        .map((id) => id[0])
        .join(''),
    ).toBe('bbbb');
  });

  it('is decided by priority within a namespace, and by age where that is the same', () => {
    const { ask, offers } = queueWith([agent('a1', 8)]);
    ask('a', 2, { priority: 0 });
    ask('a', 2);
    ask('a', 2, { priority: 9 });
    ask('b', 2, { priority: 0 });
    expect(offers()).toEqual(['a5', 'b7', 'a6', 'b8', 'a3', 'a4', 'a1', 'a2']);
  });

  it('passes over a namespace that has as many at work as it may, in all build nodes, until one ends', () => {
    const { ask, offers, take, end, place } = queueWith([agent('a1', 8, { buildNodes: ['in', 'cn'] })], 2);
    ask('alice', 2);
    ask('alice', 2, { buildNode: 'cn' });
    ask('bob');
    expect(offers()).toEqual(['alice1', 'bob5', 'alice2']);
    expect(place('alice3')).toMatchObject({ isHeldBack: true });
    take('a1', 'alice1');
    expect(offers()).toEqual([]);
    end('alice1');
    expect(offers()).toEqual(['alice3']);
  });

  it('keeps the place of a build whose agent was lost: its job lies in the queue still', () => {
    const { ask, offers, take, lose } = queueWith([agent('a1', 1)]);
    ask('alice', 3);
    offers();
    take('a1', 'alice1', 'alice2');
    expect(offers()).toEqual(['alice3']);
    lose('alice1');
    ask('alice', 1);
    expect(offers()).toEqual([]);
  });

  it('costs about the same with ten times the builds and namespaces', () => {
    /** Of this thread's processor, µs: how busy the machine is does not count. */
    const costOfEach = (namespaces: number): number => {
      const { ask, offers, end } = queueWith([agent('a1', 100)]);
      const before = process.threadCpuUsage();
      for (let namespace = 0; namespace < namespaces; namespace++) ask(`team-${namespace}-`, 10);
      for (let offered = offers(); offered.length > 0; offered = offers()) end(...offered);
      return process.threadCpuUsage(before).user / (namespaces * 10);
    };
    const best = (namespaces: number): number => Math.min(...[1, 2, 3].map(() => costOfEach(namespaces)));
    expect(best(10_000) / best(1_000)).toBeLessThan(5); // looking at all of them each time: ten
  });
});

describe('how many are ahead', () => {
  it('is how many are offered before it', () => {
    const { ask, offers, place } = queueWith([agent('a1', 2)]);
    ask('alice', 3);
    offers();
    expect(['alice1', 'alice2', 'alice3'].map((id) => place(id).ahead)).toEqual([0, 1, 2]);
  });

  it('is what comes out when nothing else is asked for and nothing ends', () => {
    const { queue, ask, offers, place } = queueWith([agent('a1', 3)]);
    ask('a', 6);
    offers();
    ask('b', 3);
    ask('b', 1, { priority: 9 });
    ask('c', 2);
    ask('a', 1);
    const foreseen = new Map(
      ['a5', 'a6', 'b7', 'b8', 'b9', 'b10', 'c11', 'c12', 'a13'].map((id) => [id, place(id).ahead]),
    );
    queue.setAgents([agent('a1', 30)]);
    const actual = offers();
    expect(actual).toHaveLength(9);
    for (const [index, id] of actual.entries()) expect([id, foreseen.get(id)]).toEqual([id, index + 4]);
  });

  it('tells what room there is', () => {
    const { ask, offers, take, place } = queueWith([agent('a1', 2), agent('cn', 5, { buildNodes: ['cn'] })]);
    ask('alice', 2);
    take('a1', ...offers().slice(0, 1));
    expect(place('alice2').capacity).toEqual({ agents: 1, slots: 2, free: 1 });
  });
});
