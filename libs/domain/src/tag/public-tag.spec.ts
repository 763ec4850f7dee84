import type { PublicTagEvent } from '@slipway/contracts';
import { specify } from '@slipway/testing';
import { publicTag, type MoveTag } from './public-tag.js';

const given = specify(publicTag);
const build = (order: number): MoveTag['data'] => ({
  tag: 'latest',
  buildId: `00000000-0000-4000-8000-00000000000${order}`,
  order,
  digest: `sha256:${String(order).repeat(64)}`,
  at: '2015-09-02T08:17:42.581Z',
});
const move = (order: number): MoveTag => ({ type: 'MoveTag', data: build(order) });
const moved = (order: number): PublicTagEvent => ({ type: 'TagMoved', data: build(order) });

describe('a public tag', () => {
  it('goes to the first build that asks', () => given().when(move(1)).then(moved(1)));
  it('moves to a build that was requested later', () => given(moved(1)).when(move(2)).then(moved(2)));
  it('stays when a build that was requested earlier ends later', () => given(moved(2)).when(move(1)).thenNothing());
  it('moves once', () => given(moved(1)).when(move(1)).thenNothing());
});
