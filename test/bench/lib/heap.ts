import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@slipway/testing';

const probe = fileURLToPath(new URL('heap-probe.mjs', import.meta.url));

/** Environment of a Node service that can be asked by {@link liveHeapMb}; answers are kept in `directory`. */
export const heapProbe = (directory: string): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import ${probe}`,
  BENCH_HEAP_DIR: directory,
});

/** What a service holds once all its garbage is collected: its JavaScript heap and its buffers, MB. */
export async function liveHeapMb(directory: string, pid: number): Promise<number> {
  const file = join(directory, String(pid));
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  const bytes = await until(() => readFileSync(file, 'utf8'), { what: `the heap of process ${pid}` });
  return Number(bytes) / 1024 / 1024;
}
