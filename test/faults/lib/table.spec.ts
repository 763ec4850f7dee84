import { tableOf } from './table.js';

describe('the table of results', () => {
  const good = { scenario: 'crashes', seed: 'a1', seconds: 61.26, isGood: true };

  it('has a line for each scenario and says how it went', () =>
    expect(tableOf([good, { ...good, scenario: 'wiped-nats', seconds: 5, isGood: false }])).toBe(
      [
        'scenario    seconds  seed  result',
        'crashes     61.3     a1    ok    ',
        'wiped-nats  5.0      a1    FAIL  ',
        '2 scenarios in 66 s: 1 failed',
      ].join('\n'),
    ));

  it('says that all is good only when it is', () => expect(tableOf([good])).toMatch(/^1 scenarios.*all good$/m));
});
