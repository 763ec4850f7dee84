// Loaded into a service by `--import`: at SIGUSR2 it collects all garbage and writes what is left, in bytes, to
// `$BENCH_HEAP_DIR/<pid>`. The memory that V8 has not given back yet hides a leak, and looks like one.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const file = join(process.env.BENCH_HEAP_DIR, String(process.pid));
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(`${file}.new`, String(heapUsed + external));
  renameSync(`${file}.new`, file);
});
