import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEPENDENCIES, METRICS, SPANS, type Metric } from '@slipway/platform';
import { codeWords, readDoc, ROOT, tableUnder } from './markdown.js';

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

  it('lists every dependency', () => {
    const listed = tableUnder(readDoc('docs/TELEMETRY.md'), '## Dependencies');
    expect(listed).toEqual(Object.entries(DEPENDENCIES).map(([dependency, well]) => ({ dependency, well })));
  });

  it('lists every span', () => {
    const listed = tableUnder(readDoc('docs/TELEMETRY.md'), '## Traces').map(({ span }) => span);
    expect(listed).toEqual(Object.values(SPANS));
  });

  it('lists variables of OpenTelemetry that are read, by us or by its SDK', () => {
    const listed = [...readDoc('docs/TELEMETRY.md').matchAll(/^\| `(OTEL_\w+)`/gm)].map(([, name = '']) => name);
    const read = textOf('libs/platform/src/tracing') + textOf('node_modules/@opentelemetry');
    expect(listed.length).toBeGreaterThan(5);
    expect(listed.filter((name) => !isReadIn(read, name))).toEqual([]);
    const ours = [...textOf('libs/platform/src/tracing').matchAll(/^ {2}(OTEL_\w+):/gm)].map(([, name = '']) => name);
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter((name) => !listed.includes(name))).toEqual([]);
  });
});

const textOf = (folder: string): string =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:m?js|ts)$/.test(name) && !name.endsWith('.spec.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'))
    .join('\n');

/** The exporters put some names together: `OTEL_EXPORTER_OTLP_${signal}_TIMEOUT`. */
const isReadIn = (text: string, name: string): boolean =>
  text.includes(name) || text.includes(name.replace('OTLP_TRACES_', 'OTLP_${signalIdentifier}_'));
