import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { portsFrom } from '../../tools/launcher/system/system-ports.js';
import { readDoc, ROOT, tableUnder } from './markdown.js';

/** Set by one process of the launcher for another, or by the machine. */
const INTERNAL = ['PATH', 'SLIPWAY_PARENT_FD', 'NODE_OPTIONS', 'NO_COLOR', 'CI', 'TERM'];

const readme = readDoc('README.md');

describe('the first screen of the README', () => {
  const screen = readme.split('\n').slice(0, 12).join('\n');

  it('says what it is and shows the two commands', () => {
    expect(screen).toMatch(/^# Slipway\n\nSlipway builds container images/);
    expect(screen).toContain('npm run demo');
    expect(screen).toContain('npm test');
  });
});

describe('the configuration of the launcher', () => {
  const rows = tableUnder(readme, '### The launcher: npm start, npm run demo').map(
    ({ variable = '', default: fallback = '' }) => ({ variable, fallback }),
  );

  it('names every variable that it reads, and no other', () => {
    const sources = readdirSync(join(ROOT, 'tools/launcher'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/\.(spec|fixture)\.ts$|fixtures\.ts$/.test(name))
      .map((name) => readFileSync(join(ROOT, 'tools/launcher', name), 'utf8'));
    const direct = sources
      .flatMap((text) => [...text.matchAll(/\benv\['([A-Z0-9_]+)'\]/g)])
      .map(([, name = '']) => name);
    const ports = sources
      .flatMap((text) => [...text.matchAll(/variable: '([A-Z0-9_]+)'/g)])
      .map(([, name = '']) => name);
    const read = new Set([...direct, ...ports].filter((name) => !INTERNAL.includes(name)));
    expect(rows.map(({ variable }) => variable).sort()).toEqual([...read].sort());
  });

  it('prints the ports that it takes', () => {
    const { gateway, nats, eventStore, registry } = portsFrom({});
    const printed = Object.fromEntries(rows.map(({ variable, fallback }) => [variable, fallback]));
    expect(printed).toMatchObject({
      PORT: String(gateway),
      NATS_PORT: String(nats),
      EVENT_STORE_PORT: String(eventStore),
      REGISTRY_PORT: String(registry),
    });
  });
});
