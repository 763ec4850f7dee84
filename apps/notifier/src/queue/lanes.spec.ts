import { until } from '@slipway/testing';
import { createLanes, type Lanes } from './lanes.js';

interface Running {
  readonly lanes: Lanes;
  /** In the order in which they began. */
  readonly begun: string[];
  readonly end: (id: string) => void;
}

function running({ maxAtOnce = 10 } = {}): Running {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const lanes = createLanes({
    nowMs: Date.now,
    maxAtOnce,
    run: (id) => {
      begun.push(id);
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.set(id, resolve);
      return promise;
    },
  });
  return { lanes, begun, end: (id) => ends.get(id)?.() };
}
const due = (id: string, lane: string, inMs = 0) => ({ id, lane, notBeforeMs: Date.now() + inMs });

describe('lanes', () => {
  it('begin nothing before they are open, and then the longest due first', () => {
    const { lanes, begun } = running();
    lanes.schedule(due('due for a second', 'a', -1_000));
    lanes.schedule(due('due for a minute', 'b', -60_000));
    expect(begun).toEqual([]);
    lanes.open();
    expect(begun).toEqual(['due for a minute', 'due for a second']);
  });

  it('run one at a time each, beside each other', async () => {
    const { lanes, begun, end } = running();
    lanes.open();
    for (const [id, lane] of ['a1 a', 'a2 a', 'b1 b'].map((text) => text.split(' ') as [string, string]))
      lanes.schedule(due(id, lane));
    expect(begun).toEqual(['a1', 'b1']);
    end('a1');
    await until(() => begun.length === 3);
    expect(begun).toEqual(['a1', 'b1', 'a2']);
  });

  it('run no more at once than they may', async () => {
    const { lanes, begun, end } = running({ maxAtOnce: 2 });
    lanes.open();
    for (const name of ['a', 'b', 'c']) lanes.schedule(due(name, name));
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await until(() => begun.length === 3);
  });

  it('wait for the time of each, and forget what is dropped', async () => {
    const { lanes, begun } = running();
    lanes.open();
    lanes.schedule(due('dropped', 'a', 20));
    lanes.schedule(due('waited for', 'b', 40));
    lanes.drop('dropped');
    expect(begun).toEqual([]);
    await until(() => begun.length > 0);
    expect(begun).toEqual(['waited for']);
  });

  it('close when what runs has ended, and begin nothing more', async () => {
    const { lanes, begun, end } = running();
    lanes.open();
    lanes.schedule(due('a1', 'a'));
    lanes.schedule(due('a2', 'a'));
    const closed = lanes.close();
    end('a1');
    await closed;
    expect(begun).toEqual(['a1']);
  });
});
