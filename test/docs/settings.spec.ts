import { codeHostApiEnv, codeHostEnv, networkPolicyEnv } from '@slipway/contracts';
import { privateHostsEnv } from '@slipway/egress';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@slipway/platform';
import { readDoc, ROOT, tableUnder } from './markdown.js';
import { READ, type Env } from './service-configs.js';

/** Good values for what is required. */
const GOOD: Env = {
  NATS_URL: 'nats://127.0.0.1:4222',
  EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
  DATABASE_URL: 'sqlite:/tmp/read-model.sqlite',
  SLIPWAY_SECRET_KEY: Buffer.alloc(32).toString('base64'),
  ADMIN_TOKEN_FILE: '/tmp/admin-token',
  AGENT_STATE_DIR: '/tmp/agent',
  EVENT_STORE_FILE: '/tmp/events.sqlite',
};

const page = readDoc('docs/SETTINGS.md');
const rowsOf = (heading: string) =>
  tableUnder(page, heading).map(({ variable = '', default: fallback = '' }) => ({ variable, fallback }));
const rawDefault = (heading: string, variable: string): string =>
  page
    .slice(page.indexOf(`\n${heading}\n`))
    .split('\n')
    .find((line) => new RegExp(`^\\| ${variable} *\\|`).test(line))
    ?.split('|')[2]
    ?.trim() ?? '';

/** Names that a schema of `config.ts` has: the keys of its objects, and of the object it shares with other services. */
const variablesIn = (source: string): readonly string[] => [
  ...new Set([...source.matchAll(/^\s+([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name)),
  ...(source.includes('...codeHostEnv') ? Object.keys(codeHostEnv) : []),
  ...(source.includes('...codeHostApiEnv') ? Object.keys(codeHostApiEnv) : []),
  ...(source.includes('...networkPolicyEnv') ? Object.keys(networkPolicyEnv) : []),
  ...(source.includes('...privateHostsEnv') ? Object.keys(privateHostsEnv) : []),
];

const problemsOf = (read: (env: Env) => unknown): readonly string[] => {
  try {
    read({});
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => problem.slice(0, problem.indexOf(':')));
  }
};

describe.each(Object.entries(READ))('the configuration of %s', (service, read) => {
  const heading = `## ${service}`;
  const rows = rowsOf(heading);
  const required = rows.filter(({ fallback }) => fallback === 'required').map(({ variable }) => variable);
  const good = Object.fromEntries(required.map((variable) => [variable, GOOD[variable] ?? '']));

  it('names every variable of its schema, and no other', () => {
    const source = readFileSync(join(ROOT, 'apps', service, 'src/config.ts'), 'utf8');
    expect(rows.map(({ variable }) => variable).sort()).toEqual([...variablesIn(source)].sort());
  });

  it('marks as required what a start without any variable is refused for', () =>
    expect([...required].sort()).toEqual([...problemsOf(read)].sort()));

  const defaults = rows.filter(({ variable }) => rawDefault(heading, variable).startsWith('`'));
  it.each(defaults)('$variable is $fallback by default', ({ variable, fallback }) =>
    expect(read({ ...good, [variable]: fallback })).toEqual(read(good)),
  );

  it('says none, required, a value or a word for every default', () =>
    expect(rows.filter(({ fallback }) => fallback === '')).toEqual([]));
});
