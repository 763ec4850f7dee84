import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverProgram } from '@slipway/testing';
import { parse } from 'yaml';
import { z } from 'zod';
import { readDoc, ROOT } from '../docs/markdown.js';
import { composeServices } from './lib/compose.js';

const LIMIT_MS = 60_000;
const FOLDER = join(ROOT, 'deploy/prometheus');
const TESTS = readdirSync(join(FOLDER, 'tests'));
const Config = z.object({
  scrape_configs: z.array(
    z.object({ job_name: z.string(), static_configs: z.array(z.object({ targets: z.array(z.string()) })) }),
  ),
});

/** @throws with what promtool says, when it finds something */
const promtool = (...args: readonly string[]): Promise<unknown> =>
  promisify(execFile)(serverProgram('promtool'), args, { cwd: FOLDER }).catch(
    (error: Error & { readonly stdout: string; readonly stderr: string }) => {
      throw new Error(`${error.message}\n${error.stdout}${error.stderr}`);
    },
  );

describe('deploy/prometheus', () => {
  it(
    'has rules and a configuration that Prometheus takes',
    () => promtool('check', 'config', 'prometheus.yml'),
    LIMIT_MS,
  );

  it('has rules without lint', () => promtool('check', 'rules', '--lint=all', '--lint-fatal', 'alerts.yml'), LIMIT_MS);

  it.each(TESTS)(
    '%s: alerts fire and keep silent as they should',
    (name) => promtool('test', 'rules', `tests/${name}`),
    LIMIT_MS,
  );

  it('scrapes every service of compose.yaml where it shows its metrics', () => {
    const scraped = Config.parse(parse(readDoc('deploy/prometheus/prometheus.yml'))).scrape_configs.flatMap(
      ({ job_name, static_configs }) =>
        static_configs.flatMap(({ targets }) => targets.map((target) => `${job_name} ${target}`)),
    );
    const shown = composeServices('deploy/compose.yaml')
      .filter(({ app }) => app !== undefined && app !== 'registry-gate') // which counts nothing
      .map(({ app, env }) => `slipway-${app} 127.0.0.1:${env[app === 'gateway' ? 'METRICS_PORT' : 'HEALTH_PORT']}`);
    expect([...scraped].sort()).toEqual([...shown].sort());
  });
});
