import { SCENARIOS } from '../faults/scenarios/index.js';
import { readDoc, tableUnder } from './markdown.js';

describe('the fault scenarios', () => {
  it('are in the RUNBOOK, in the order in which they run', () =>
    expect(tableUnder(readDoc('docs/RUNBOOK.md'), '### Scenarios').map(({ scenario }) => scenario)).toEqual(
      SCENARIOS.map(({ name }) => name),
    ));
});
