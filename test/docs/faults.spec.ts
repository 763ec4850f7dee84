import { SCENARIOS, SELECTION } from '../faults/scenarios/index.js';
import { readDoc, tableUnder } from './markdown.js';

describe('the fault scenarios', () => {
  const table = tableUnder(readDoc('docs/RUNBOOK.md'), '### Scenarios');

  it('are in the RUNBOOK, in the order in which they run', () =>
    expect(table.map(({ scenario }) => scenario)).toEqual(SCENARIOS.map(({ name }) => name)));

  it('are marked there where `npm test` runs them too', () =>
    expect(table.filter((row) => row['in `npm test`'] === 'yes').map(({ scenario }) => scenario)).toEqual(
      SELECTION.map(({ name }) => name),
    ));
});
