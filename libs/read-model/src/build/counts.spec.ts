import type { Change } from '../views/view.js';
import { buildEvents, type BuildStory } from '../fixtures/index.js';
import { countsOf } from './counts.js';
import { buildProjection } from './projection.js';
import type { BuildRow } from './table.js';

const fold = (number: number, story: BuildStory): BuildRow | undefined =>
  buildEvents(number, story).reduce<BuildRow | undefined>(
    (row, event) => buildProjection.evolve(row, { event, position: number }),
    undefined,
  );
const change = (number: number, before: BuildStory | undefined, after: BuildStory): Change<BuildRow> => ({
  before: before && fold(number, before),
  after: fold(number, after),
});

describe('the counters of builds', () => {
  it('count a new build for its namespace, its repository and its creator', () =>
    expect(countsOf([change(1, undefined, { end: 'running' })])).toEqual([
      { scope: 'namespace:alice', builds: 1, pushes: 0, pushed_at: null },
      { scope: 'repository:alice/app', builds: 1, pushes: 0, pushed_at: null },
      { scope: 'creator:alice', builds: 1, pushes: 0, pushed_at: null },
    ]));

  it('count a build once, however often it changes', () =>
    expect(countsOf([change(1, { end: 'requested' }, { end: 'running' })])).toEqual([]));

  it('count a push when a build ends well, and only then', () => {
    const pushedAt = fold(1, {})?.ended_at;
    expect(countsOf([change(1, { end: 'running' }, {})])).toEqual([
      { scope: 'config:3', builds: 0, pushes: 1, pushed_at: pushedAt },
    ]);
    expect(countsOf([change(1, { end: 'running' }, { end: 'failed' })])).toEqual([]);
    expect(countsOf([change(1, {}, {})])).toEqual([]);
  });

  it('do not count a removed build, but what it pushed', () => {
    const removed = { isRemoved: true };
    expect(countsOf([change(1, {}, removed)])).toEqual([
      { scope: 'namespace:alice', builds: -1, pushes: 0, pushed_at: null },
      { scope: 'repository:alice/app', builds: -1, pushes: 0, pushed_at: null },
      { scope: 'creator:alice', builds: -1, pushes: 0, pushed_at: null },
    ]);
    const pushedAt = fold(1, {})?.ended_at;
    expect(countsOf([change(1, undefined, removed)])).toEqual([
      { scope: 'config:3', builds: 0, pushes: 1, pushed_at: pushedAt },
    ]);
  });

  it('keep the latest push of several', () => {
    const later = fold(2, {})?.ended_at;
    const counts = countsOf([change(2, { end: 'running' }, {}), change(1, { end: 'running' }, {})]);
    expect(counts).toEqual([{ scope: 'config:3', builds: 0, pushes: 2, pushed_at: later }]);
  });
});
