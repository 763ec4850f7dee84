import type { ObservedRef, RefsEvent } from '@slipway/contracts';
import { specify } from '@slipway/testing';
import { isFound, MAX_FOUND, observedRefs, type ObservedRefs, type RefsCommand } from './observed-refs.js';

const at = '2026-11-26T10:00:00.000Z';
const given = specify(observedRefs);
const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
const main = (commit = A): ObservedRef => ({ name: 'refs/heads/main', commit });
const tag = (commit = A): ObservedRef => ({ name: 'refs/tags/v1', commit });

const observe = (refs: readonly ObservedRef[], configChanges = 1): RefsCommand => ({
  type: 'ObserveRefs',
  data: { configId: 7, configChanges, refs, at },
});
const deliver = (...refs: readonly ObservedRef[]): RefsCommand => ({
  type: 'TakeDelivery',
  data: { configId: 7, refs, at },
});
const observed = (
  observation: number,
  { refs, found = [], configChanges = 1 }: { refs: ObservedRef[]; found?: ObservedRef[]; configChanges?: number },
): RefsEvent => ({ type: 'RefsObserved', data: { configId: 7, observation, configChanges, refs, found, at } });
const delivered = (...refs: ObservedRef[]): RefsEvent => ({ type: 'RefsDelivered', data: { configId: 7, refs, at } });

const first = observed(1, { refs: [main()] });
const found = observed(2, { refs: [main(B)], found: [main(B)] });

describe('comparing refs', () => {
  it('only writes down what is there when it looks for the first time', () =>
    given()
      .when(observe([main(), tag()]))
      .then(observed(1, { refs: [main(), tag()] })));

  it('finds a branch that moved, and a tag that is new', () =>
    given(first)
      .when(observe([main(B), tag()]))
      .then(observed(2, { refs: [main(B), tag()], found: [main(B), tag()] })));

  it('stays quiet when nothing moved, and when a ref is gone', () => {
    given(first)
      .when(observe([main()]))
      .thenNothing();
    given(first).when(observe([])).thenNothing();
    given(first, found)
      .when(observe([main(B)]))
      .thenNothing();
  });

  it('finds nothing that a delivery told of', () =>
    given(first, delivered(main(B)))
      .when(observe([main(B)]))
      .thenNothing());

  it('finds a branch that went back, as often as it does', () =>
    given(first, found)
      .when(observe([main(A)]))
      .then(observed(3, { refs: [main(A)], found: [main(A)] })));

  it('only writes down what is there when the build config was set anew', () => {
    const anew = observed(2, { refs: [main(B), tag()], configChanges: 2 });
    given(first)
      .when(observe([main(B), tag()], 2))
      .then(anew);
    given(first, anew)
      .when(observe([main(A), tag()], 2))
      .then(observed(3, { refs: [main(A)], found: [main(A)], configChanges: 2 }));
  });

  it('finds no more at once than a delivery holds, and the rest at the next look', () => {
    const many = Array.from({ length: MAX_FOUND + 1 }, (_, n) => ({ name: `refs/tags/v${n}`, commit: A }));
    const some = many.slice(0, MAX_FOUND);
    const last = many.slice(MAX_FOUND);
    const two = observed(2, { refs: some, found: some });
    given(first).when(observe(many)).then(two);
    given(first, two)
      .when(observe(many))
      .then(observed(3, { refs: last, found: last }));
  });
});

describe('a delivery', () => {
  it('is written down where somebody looks', () => {
    given(first)
      .when(deliver(main(B)))
      .then(delivered(main(B)));
    given()
      .when(deliver(main(B)))
      .thenNothing();
  });

  it('stays quiet about what is known', () => {
    given(first, delivered(main(B)))
      .when(deliver(main(B)))
      .thenNothing();
    given(first, found)
      .when(deliver(main(B)))
      .thenNothing();
  });

  it('is too late when looking was earlier, and is not when it tells of something else', () => {
    const after = (...events: readonly RefsEvent[]): ObservedRefs =>
      events.reduce(observedRefs.evolve, observedRefs.initial);
    expect(isFound(after(first, found), main(B))).toBe(true);
    expect(isFound(after(first), main(A))).toBe(false);
    expect(isFound(after(first, delivered(main(B))), main(B))).toBe(false);
    expect(isFound(after(first, found, delivered(main(A)), delivered(main(B))), main(B))).toBe(false);
    expect(isFound(after(), main(B))).toBe(false);
  });
});
