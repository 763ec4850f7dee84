import { STEP_AT, stepAtOfBuild } from './steps.js';

describe('step_at', () => {
  it('begins at 1, ends at 50 and grows in between', () => {
    const values = Object.values(STEP_AT);
    expect([values[0], values.at(-1)]).toEqual([1, 50]);
    expect(values.every((value, index) => index === 0 || value > (values[index - 1] ?? value))).toBe(true);
  });

  it.each([
    [0, 4, 20],
    [1, 4, 25],
    [2, 4, 30],
    [3, 4, 35],
    [4, 4, 40],
    [1, 3, 26],
    [2, 3, 33],
  ])('after %d of %d steps is %d', (done, total, expected) => expect(stepAtOfBuild(done, total)).toBe(expected));

  it.each([
    ['no steps at all', 0, 0, 20],
    ['steps that are not known yet', 3, 0, 20],
    ['more steps done than were announced', 9, 4, 40],
    ['fewer than none', -1, 4, 20],
  ])('stays within its range for %s', (_, done, total, expected) => expect(stepAtOfBuild(done, total)).toBe(expected));

  it('never goes back while steps end', () => {
    const seen = Array.from({ length: 38 }, (_, done) => stepAtOfBuild(done, 37));
    expect(seen).toEqual([...seen].sort((left, right) => left - right));
    expect([seen[0], seen.at(-1)]).toEqual([STEP_AT.buildingFrom, STEP_AT.buildingTo]);
  });
});
