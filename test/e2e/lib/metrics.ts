import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningSystem } from '../../../tools/launcher/system/start-system.js';

type System = Pick<RunningSystem, 'stateDir'>;

/** What a service shows to Prometheus, where it says in its log that it does; a restart says it again. */
export async function shownBy({ stateDir }: System, service: string): Promise<string> {
  const log = readFileSync(join(stateDir, 'log', `${service}.log`), 'utf8');
  const [, port] = [...log.matchAll(/"(?:healthPort|metricsPort)":(\d+)/g)].at(-1) ?? [];
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

/** 0 where there is no such series. */
export async function valueShownBy(system: System, service: string, series: string): Promise<number> {
  const line = (await shownBy(system, service)).split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}
