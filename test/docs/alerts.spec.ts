import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readDoc, ROOT } from './markdown.js';
import { problemsOf } from './promql.js';

const FOLDER = 'deploy/prometheus';
const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Slipway[A-Z][A-Za-z]+$/),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
});
const Tests = z.object({
  tests: z.array(
    z.object({ alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })) }),
  ),
});

const alerts = Rules.parse(parse(readDoc(`${FOLDER}/alerts.yml`))).groups.flatMap(({ rules }) => rules);
const tested = readdirSync(join(ROOT, FOLDER, 'tests'))
  .flatMap((name) => Tests.parse(parse(readDoc(`${FOLDER}/tests/${name}`))).tests)
  .flatMap((test) => test.alert_rule_test);

/** The text below a heading, up to the next. */
function passageOf(heading: string): string {
  const page = readDoc('docs/RUNBOOK.md').split('\n');
  const start = page.indexOf(heading);
  const rest = page.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('#'));
  return start === -1 ? '' : rest.slice(0, end === -1 ? undefined : end).join(' ');
}

describe('the alerts', () => {
  it.each(alerts)('$alert names metrics and labels that are shown', async ({ expr }) =>
    expect(await problemsOf(expr)).toEqual([]),
  );

  it.each(alerts)('$alert leads to its passage in the runbook', ({ alert, annotations }) => {
    expect(annotations.runbook).toBe(`docs/RUNBOOK.md#${alert.toLowerCase()}`);
    expect(passageOf(`### ${alert}`).trim().length).toBeGreaterThan(80);
  });

  it.each(alerts)('$alert is tested firing and not firing', ({ alert }) => {
    const counts = tested.filter(({ alertname }) => alertname === alert).map(({ exp_alerts }) => exp_alerts.length);
    expect(counts.filter((count) => count > 0)).not.toEqual([]);
    expect(counts.filter((count) => count === 0)).not.toEqual([]);
  });

  it('have names of their own, and no passage is left of one that is gone', () => {
    const names = alerts.map(({ alert }) => alert);
    const passages = [...readDoc('docs/RUNBOOK.md').matchAll(/^### (Slipway\w+)$/gm)].map(([, name]) => name);
    expect(passages).toEqual(names);
  });
});
