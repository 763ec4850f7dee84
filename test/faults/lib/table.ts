/** What became of one scenario. */
export interface Result {
  readonly scenario: string;
  readonly seed: string;
  readonly seconds: number;
  readonly isGood: boolean;
}

/** A line each, and one that sums up. */
export function tableOf(results: readonly Result[]): string {
  const failed = results.filter(({ isGood }) => !isGood);
  const total = results.reduce((sum, { seconds }) => sum + seconds, 0);
  const rows = [
    ['scenario', 'seconds', 'seed', 'result'],
    ...results.map(({ scenario, seconds, seed, isGood }) => [
      scenario,
      seconds.toFixed(1),
      seed,
      isGood ? 'ok' : 'FAIL',
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const verdict = failed.length === 0 ? 'all good' : `${failed.length} failed`;
  return [...lines, `${results.length} scenarios in ${total.toFixed(0)} s: ${verdict}`].join('\n');
}
