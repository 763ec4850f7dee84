import { createRequire } from 'node:module';
import type * as whole from 'prom-client';

/**
 * The parts of prom-client that are needed. All of it (cluster, push gateway, OpenTelemetry for exemplars) would cost every
 * process 12 MB and more time to start than the rest of the service. Its version is pinned.
 */
const require = createRequire(import.meta.url);
const part = <T>(name: string): T => require(`prom-client/lib/${name}.js`) as T;

export const Registry = part<typeof whole.Registry>('registry');
export const Counter = part<typeof whole.Counter>('counter');
export const Gauge = part<typeof whole.Gauge>('gauge');
export const Histogram = part<typeof whole.Histogram>('histogram');

/** `process_*` and `nodejs_*` of this process. */
export function watchProcess(registry: whole.Registry): void {
  for (const name of [
    'osMemoryHeap',
    'processStartTime',
    'processOpenFileDescriptors',
    'eventLoopLag',
    'heapSizeAndUsed',
  ])
    part<(registry: whole.Registry, config: object) => void>(`metrics/${name}`)(registry, {
      eventLoopMonitoringPrecision: 10, // ms
    });
  let before = 0;
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time of the process, user and system',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      const now = (user + system) / 1_000_000;
      this.inc(now - before);
      before = now;
    },
  });
}
