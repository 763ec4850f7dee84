import type * as prom from 'prom-client';
import { VERSION } from '../version.js';
import { within } from '../within.js';
import { Counter, Gauge, Histogram, Registry, watchProcess } from './prom-client.js';
import { METRICS, type Metric, type MetricName } from './names.js';
import type { ServiceName } from './services.js';

/** How long a reading may take while Prometheus waits, ms. */
const READ_LIMIT_MS = 2_000;

type NameOf<Kind extends Metric['kind']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];
type LabelOf<Name extends MetricName> = (typeof METRICS)[Name]['labels'][number];
export type Labels<Name extends MetricName> = Readonly<Record<LabelOf<Name>, string>>;
/** Labels are given where the metric has some, and only there. */
type LabelsFor<Name extends MetricName> = [LabelOf<Name>] extends [never] ? [] : [labels: Labels<Name>];

export interface Sample<Name extends MetricName> {
  readonly labels: Labels<Name>;
  readonly value: number;
}
type Reading<Name extends MetricName> = [LabelOf<Name>] extends [never] ? number : readonly Sample<Name>[];

/** Of this process: like its log, there is one. */
const registry = new Registry();
const readers = new Map<MetricName, () => unknown>();

export function count<Name extends NameOf<'counter'>>(name: Name, ...[labels]: LabelsFor<Name>): void {
  counterOf(name).inc(labels ?? {});
}

export function countMany<Name extends NameOf<'counter'>>(name: Name, by: number, ...[labels]: LabelsFor<Name>): void {
  counterOf(name).inc(labels ?? {}, by);
}

/** `value` is in the unit that the metric's name ends in. */
export function observe<Name extends NameOf<'histogram'>>(
  name: Name,
  value: number,
  ...[labels]: LabelsFor<Name>
): void {
  histogramOf(name).observe(labels ?? {}, value);
}

/** By this machine's clock; never below 0, though another machine's may be ahead. `atMs`: since 1970 */
export const secondsSince = (atMs: number): number => Math.max(Date.now() - atMs, 0) / 1_000;

/** Observes how long `work` takes, however it ends. */
export async function timed<Name extends NameOf<'histogram'>, T>(
  name: Name,
  work: () => Promise<T>,
  ...labels: LabelsFor<Name>
): Promise<T> {
  const startedAt = performance.now();
  try {
    return await work();
  } finally {
    observe(name, (performance.now() - startedAt) / 1_000, ...labels);
  }
}

/**
 * `read` is asked whenever somebody looks. What it cannot say within two seconds is not shown (NaN for a metric without
 * labels). The last one to watch a metric is the one that is asked.
 */
export function watch<Name extends NameOf<'gauge'>>(
  name: Name,
  read: () => Promise<Reading<Name>> | Reading<Name>,
): void {
  readers.set(name, read);
  gaugeOf(name);
}

/** Makes all metrics of a service, so that a counter shows 0 before anything has happened. */
export function declareMetrics(service: ServiceName): void {
  if (registry.getSingleMetric('slipway_service_info') === undefined) watchProcess(registry);
  for (const [name, metric] of Object.entries(METRICS) as [MetricName, Metric][]) {
    if (!metric.services.includes(service)) continue;
    if (metric.kind === 'counter') counterOf(name);
    if (metric.kind === 'gauge') gaugeOf(name);
    if (metric.kind === 'histogram') histogramOf(name);
  }
  watch('slipway_service_info', () => [{ labels: { service, version: VERSION }, value: 1 }]);
}

/** As Prometheus reads it. */
export const printMetrics = async (): Promise<{ readonly contentType: string; readonly text: string }> => ({
  contentType: registry.contentType,
  text: await registry.metrics(),
});

function counterOf(name: MetricName): prom.Counter {
  return (registry.getSingleMetric(name) as prom.Counter | undefined) ?? new Counter(describe(name));
}

function histogramOf(name: MetricName): prom.Histogram {
  const { buckets = [] }: Metric = METRICS[name];
  return (
    (registry.getSingleMetric(name) as prom.Histogram | undefined) ??
    new Histogram({ ...describe(name), buckets: [...buckets] })
  );
}

function gaugeOf(name: MetricName): prom.Gauge {
  return (
    (registry.getSingleMetric(name) as prom.Gauge | undefined) ??
    new Gauge({
      ...describe(name),
      async collect() {
        this.reset();
        const reading = await limited(readers.get(name));
        if (typeof reading === 'number') this.set(reading);
        else for (const { labels, value } of reading) this.set(labels, value);
      },
    })
  );
}

function describe(name: MetricName) {
  const { help, labels }: Metric = METRICS[name];
  return { name, help, labelNames: [...labels], registers: [registry] };
}

/** What cannot be read must not hide the rest. */
async function limited(
  read: (() => unknown) | undefined,
): Promise<number | readonly { readonly labels: Record<string, string>; readonly value: number }[]> {
  try {
    const value = await within(Promise.resolve(read?.()), READ_LIMIT_MS);
    return (value as number | undefined) ?? Number.NaN;
  } catch {
    return Number.NaN;
  }
}
