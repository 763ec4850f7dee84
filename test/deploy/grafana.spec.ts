import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { METRICS } from '@slipway/platform';
import { serverProgram, temporaryDirectory } from '@slipway/testing';
import { z } from 'zod';
import { readDoc } from '../docs/markdown.js';
import { problemsOf, selectorsIn } from '../docs/promql.js';

const LIMIT_MS = 60_000;
const Source = z.object({ type: z.literal('prometheus'), uid: z.literal('${datasource}') });
const Panel = z.object({
  id: z.int(),
  type: z.string(),
  title: z.string().min(3),
  gridPos: z.object({ h: z.int(), w: z.int(), x: z.int(), y: z.int() }),
  datasource: Source.optional(),
  targets: z.array(z.object({ refId: z.string(), expr: z.string(), datasource: Source })).default([]),
});
const Dashboard = z.object({
  uid: z.literal('slipway'),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
  panels: z.array(Panel),
});

const dashboard = Dashboard.parse(JSON.parse(readDoc('deploy/grafana/slipway.json')));
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = panels.flatMap(({ title, targets }) =>
  targets.map(({ refId, expr }) => ({ name: `${title} ${refId}`, expr: expr.replaceAll('$__rate_interval', '5m') })),
);

describe('deploy/grafana/slipway.json', () => {
  it.each(queries)('$name names metrics and labels that are shown', async ({ expr }) =>
    expect(await problemsOf(expr)).toEqual([]),
  );

  it(
    'has queries that Prometheus takes',
    async () => {
      const folder = temporaryDirectory();
      const rules = queries.map(({ expr }, index) => ({ record: `dashboard:query${index}`, expr }));
      const file = join(folder.path, 'queries.yml'); // JSON is YAML
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
      try {
        const { stdout } = await promisify(execFile)(serverProgram('promtool'), ['check', 'rules', file]);
        expect(stdout).toContain(`${rules.length} rules found`);
      } finally {
        folder.remove();
      }
    },
    LIMIT_MS,
  );

  it('shows every metric of ours', () => {
    const shown = new Set(queries.flatMap(({ expr }) => selectorsIn(expr).map(({ metric }) => metric)));
    const names = Object.keys(METRICS);
    const isShown = (name: string): boolean => ['', '_bucket', '_count'].some((part) => shown.has(`${name}${part}`));
    expect(names.filter((name) => !isShown(name))).toEqual(['slipway_projection_lag_events']); // seconds say it for both stores
  });

  it('has panels with ids of their own that do not cover each other', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    expect(panels.every(({ targets }) => targets.length > 0)).toBe(true);
  });
});
