import type { Change } from '../views/view.js';
import { buildEvents, type BuildStory } from '../fixtures/index.js';
import { countsOf } from './counts.js';
import { buildProjection } from './projection.js';
import type { BuildCountRow, BuildRow } from './table.js';

const fold = (number: number, story: BuildStory): BuildRow | undefined =>
  buildEvents(number, story).reduce<BuildRow | undefined>(
    (row, event) => buildProjection.evolve(row, { event, position: number }),
    undefined,
  );
const change = (number: number, before: BuildStory | undefined, after: BuildStory): Change<BuildRow> => ({
  before: before && fold(number, before),
  after: fold(number, after),
});

const builds = (scope: string, count: number): BuildCountRow => ({ scope, builds: count, pushes: 0, pushed_at: null });
const pushesOf = (changes: readonly Change<BuildRow>[]): readonly BuildCountRow[] =>
  countsOf(changes).filter(({ pushes }) => pushes > 0);

describe('the counters of builds', () => {
  it('count a new build for its namespace, its repository and its creator', () =>
    expect(countsOf([change(1, undefined, { end: 'running' })])).toEqual([
      builds('namespace:alice', 1),
      builds('namespace:alice#I', 1),
      builds('repository:alice/app', 1),
      builds('repository:alice/app#I', 1),
      builds('creator:alice', 1),
      builds('creator:alice#I', 1),
    ]));

  it('count a build once, however often it changes, and in the status that it has', () => {
    const counts = countsOf([change(1, { end: 'requested' }, { end: 'running' })]);
    const byScope = Object.fromEntries(counts.map(({ scope, builds }) => [scope, builds]));
    expect(byScope).toEqual({
      'namespace:alice#W': -1,
      'namespace:alice#I': 1,
      'repository:alice/app#W': -1,
      'repository:alice/app#I': 1,
      'creator:alice#W': -1,
      'creator:alice#I': 1,
    });
    expect(countsOf([change(1, { end: 'running' }, { end: 'cancelling' })])).toEqual([]);
  });

  it('count a push when a build ends well, and only then', () => {
    const pushedAt = fold(1, {})?.ended_at;
    expect(pushesOf([change(1, { end: 'running' }, {})])).toEqual([
      { scope: 'config:3', builds: 0, pushes: 1, pushed_at: pushedAt },
    ]);
    expect(pushesOf([change(1, { end: 'running' }, { end: 'failed' })])).toEqual([]);
    expect(countsOf([change(1, {}, {})])).toEqual([]);
  });

  it('do not count a removed build, but what it pushed', () => {
    const removed = { isRemoved: true };
    expect(countsOf([change(1, {}, removed)])).toEqual([
      builds('namespace:alice', -1),
      builds('namespace:alice#S', -1),
      builds('repository:alice/app', -1),
      builds('repository:alice/app#S', -1),
      builds('creator:alice', -1),
      builds('creator:alice#S', -1),
    ]);
    const pushedAt = fold(1, {})?.ended_at;
    expect(countsOf([change(1, undefined, removed)])).toEqual([
      { scope: 'config:3', builds: 0, pushes: 1, pushed_at: pushedAt },
    ]);
  });

  it('keep the latest push of several', () => {
    const later = fold(2, {})?.ended_at;
    const counts = pushesOf([change(2, { end: 'running' }, {}), change(1, { end: 'running' }, {})]);
    expect(counts).toEqual([{ scope: 'config:3', builds: 0, pushes: 2, pushed_at: later }]);
  });
});
