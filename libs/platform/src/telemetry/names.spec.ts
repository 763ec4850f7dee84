import { METRICS, type Metric } from './names.js';

const all = Object.entries<Metric>(METRICS);
const UNITS =
  /_(seconds|bytes|builds|events|messages|agents|slots|workspaces|reports|notifications|streams|subscriptions)$/;
/** What has no unit: what a service is, and what is so or is not. */
const UNITLESS = [
  'slipway_service_info',
  'slipway_dependency_up',
  'slipway_engine_up',
  'slipway_agent_paused',
  'slipway_active',
];

describe('the metrics', () => {
  it.each(all)('%s ends in its unit', (name, { kind }) => {
    if (kind === 'counter') expect(name).toMatch(/_total$/);
    else if (kind === 'histogram') expect(name).toMatch(/_seconds$/);
    else if (!UNITLESS.includes(name)) expect(name).toMatch(UNITS);
  });

  it.each(all)('%s has buckets if it is a histogram, and rises in them', (_, { kind, buckets = [] }) => {
    expect(buckets.length > 0).toBe(kind === 'histogram');
    expect([...buckets].sort((left, right) => left - right)).toEqual([...buckets]);
  });

  it.each(all)('%s has no label that grows with tenants or builds', (_, { labels }) => {
    const unbounded = [
      'build',
      'build_id',
      'namespace',
      'repo',
      'repository',
      'user',
      'path',
      'tag',
      'agent',
      'agent_id',
    ];
    expect(labels.filter((label) => unbounded.includes(label))).toEqual([]);
  });
});
