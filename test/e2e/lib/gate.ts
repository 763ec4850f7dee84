import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '@slipway/testing';
import { ROOT } from '../../../tools/launcher/paths.js';

const START_LIMIT_MS = 20_000;

export interface Gate {
  /** With a login of its own. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** The registry of all specs knows no gateway of theirs: a gate before it that asks one what is public. */
export async function startGate(gate: { port: number; registry: string; api: string }): Promise<Gate> {
  const host = `127.0.0.1:${gate.port}`;
  const login = `slipway:${randomBytes(16).toString('hex')}`;
  const process_ = spawn(process.execPath, [join(ROOT, 'deploy', 'registry', 'gate.mjs')], {
    stdio: 'ignore',
    env: { GATE_LISTEN: host, GATE_REGISTRY: gate.registry, GATE_LOGIN: login, GATE_API: gate.api },
  });
  const ended = once(process_, 'exit');
  await until(() => fetch(`http://${host}/readyz`).then(({ ok }) => ok), { limitMs: START_LIMIT_MS });
  return {
    url: `http://${login}@${host}`,
    stop: async () => {
      process_.kill();
      await ended;
    },
  };
}
