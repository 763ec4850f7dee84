import { declareMetrics, METRICS, printMetrics, type Metric, type ServiceName } from '@slipway/platform';

/** Given to every series by Prometheus, or by the way it is scraped. */
const LABELS_OF_SCRAPING = ['job', 'instance'];
const BY_PROMETHEUS = 'up';
const KEYWORDS = ['by', 'without', 'on', 'ignoring', 'group_left', 'group_right'];

/** A metric as an expression names it, with the labels it is chosen by. */
interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

export const selectorsIn = (expression: string): readonly Selector[] =>
  [...withoutGrouping(expression).matchAll(/\b([a-zA-Z_:][\w:]*)\b(?!\s*\()(?:\{([^}]*)\})?/g)]
    .map(([, metric = '', matchers = '']) => ({ metric, labels: labelsIn(matchers) }))
    .filter(({ metric }) => /^(?:slipway|process|nodejs)_/.test(metric) || metric === BY_PROMETHEUS);

const labelsIn = (matchers: string): readonly string[] =>
  [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);

/** Labels that results are grouped by. */
export const groupingIn = (expression: string): readonly string[] =>
  [...expression.matchAll(groups)].flatMap(([, labels = '']) => labels.split(',').map((label) => label.trim()));

const groups = new RegExp(`\\b(?:${KEYWORDS.join('|')})\\s*\\(([^)]*)\\)`, 'g');
const withoutGrouping = (expression: string): string => expression.replace(groups, '');

/** What is wrong with an expression: metrics and labels that nobody shows. */
export async function problemsOf(expression: string): Promise<readonly string[]> {
  const shown = await shownSeries();
  const selectors = selectorsIn(expression);
  if (selectors.length === 0) return [`no metric in ${expression}`];
  const known = new Set(selectors.flatMap(({ metric }) => shown.get(metric) ?? []));
  return [
    ...selectors.filter(({ metric }) => !shown.has(metric)).map(({ metric }) => `nobody shows ${metric}`),
    ...selectors.flatMap(({ metric, labels }) =>
      labels
        .filter((label) => shown.has(metric) && !shown.get(metric)?.includes(label))
        .map((label) => `${metric} has no label ${label}`),
    ),
    ...groupingIn(expression)
      .filter((label) => !known.has(label))
      .map((label) => `no metric has the label ${label}`),
  ];
}

/** Every series of every service with its labels: of a histogram its buckets, count and sum. */
async function shownSeries(): Promise<ReadonlyMap<string, readonly string[]>> {
  const ours = Object.entries<Metric>(METRICS).flatMap(([name, { kind, labels }]) =>
    kind === 'histogram'
      ? ([
          [`${name}_bucket`, [...labels, 'le', ...LABELS_OF_SCRAPING]],
          [`${name}_count`, [...labels, ...LABELS_OF_SCRAPING]],
          [`${name}_sum`, [...labels, ...LABELS_OF_SCRAPING]],
        ] as const)
      : ([[name, [...labels, ...LABELS_OF_SCRAPING]]] as const),
  );
  const service: ServiceName = 'gateway';
  declareMetrics(service);
  const ofProcess = [...(await printMetrics()).text.matchAll(/^# TYPE ((?:process|nodejs)_\w+) /gm)].map(
    ([, name = '']) => [name, LABELS_OF_SCRAPING] as const,
  );
  return new Map<string, readonly string[]>([[BY_PROMETHEUS, LABELS_OF_SCRAPING], ...ours, ...ofProcess]);
}
