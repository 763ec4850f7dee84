import { problemsOf } from './promql.js';

describe('an expression of PromQL', () => {
  it.each([
    'sum by (build_node) (slipway_queued_builds{build_node=~"in|cn"}) > 3',
    'histogram_quantile(0.99, sum by (le) (rate(slipway_relay_lag_seconds_bucket[5m])))',
    'rate(process_cpu_seconds_total{job="a", instance!="b"}[5m]) and on (job) up == 1',
  ])('is taken: %s', async (expression) => expect(await problemsOf(expression)).toEqual([]));

  it.each([
    ['rate(slipway_nothing_total[5m])', 'nobody shows slipway_nothing_total'],
    ['slipway_relay_lag_seconds', 'nobody shows slipway_relay_lag_seconds'], // a histogram has no series of its own name
    ['process_nothing > 1', 'nobody shows process_nothing'],
    ['slipway_queued_builds{node="in"}', 'slipway_queued_builds has no label node'],
    ['sum by (node) (slipway_queued_builds)', 'no metric has the label node'],
    ['1 > bool 0', 'no metric in 1 > bool 0'],
  ])('is refused: %s', async (expression, problem) => expect(await problemsOf(expression)).toEqual([problem]));
});
