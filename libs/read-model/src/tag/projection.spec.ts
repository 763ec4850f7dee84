import { streams, type PublicTagEvent } from '@slipway/contracts';
import { buildIdOf, givenRowsOf, instant, stored, tagEvents, tagHistory } from '../fixtures/index.js';
import { located, publicTagProjection, type LocatedMove } from './projection.js';

const given = givenRowsOf(publicTagProjection);
const stream = streams.tag('alice', 'app', 'latest');
const moves = tagEvents('latest', [1, 2]).map(({ data: move }): LocatedMove => ({
  stream,
  namespace: 'alice',
  repoName: 'app',
  move,
}));
const [first, second] = moves as [LocatedMove, LocatedMove];

describe('the row of a public tag', () => {
  it('names the build that holds it', () =>
    given()
      .when(first)
      .then({ stream, namespace: 'alice', repo_name: 'app', tag: 'latest', build_id: buildIdOf(1), position: 1 }));

  it('goes to the build that takes it over', () =>
    given(first)
      .when(second)
      .then({ build_id: buildIdOf(2), digest: second.move.digest, pushed_at: instant(2), position: 2 }));
});

describe('a move', () => {
  it('is located by its event stream', async () => {
    const events = await stored([tagHistory(['a.b', 'c.d'], 'v1.0', [1])]);
    const recorded = events.map((event) => ({ event: asMove(event), position: event.position, stored: event }));
    expect(located(recorded).map(({ event }) => event)).toEqual([
      { stream: streams.tag('a.b', 'c.d', 'v1.0'), namespace: 'a.b', repoName: 'c.d', move: recorded[0]?.event.data },
    ]);
  });
});

const asMove = ({ type, data }: { readonly type: string; readonly data: unknown }) =>
  ({ type, data }) as PublicTagEvent;
