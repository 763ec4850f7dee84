import { METRICS, type Metric } from '@slipway/platform';
import { codeWords, readDoc, tableUnder } from './markdown.js';

const ALL_SERVICES = 7;

describe('docs/TELEMETRY.md', () => {
  it('lists every metric with its labels, its services and its meaning', () => {
    const listed = tableUnder(readDoc('docs/TELEMETRY.md'), '## Metrics');
    expect(
      listed.map((row) => ({ ...row, labels: codeWords(row['labels'] ?? ''), who: codeWords(row['who'] ?? '') })),
    ).toEqual(
      Object.entries<Metric>(METRICS).map(([metric, { labels, services, help }]) => ({
        metric,
        labels,
        who: services.length === ALL_SERVICES ? ['all'] : services,
        says: help,
      })),
    );
  });
});
