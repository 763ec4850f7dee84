import { fileURLToPath } from 'node:url';
import { thisMachine, thisVersion } from './machine.js';
import { reportTable, writeReport, type Metric } from './report.js';

export interface Goal {
  readonly text: string;
  readonly isMet: (value: number) => boolean;
}

export const atLeast = (limit: number): Goal => ({ text: `>= ${limit}`, isMet: (value) => value >= limit });
export const atMost = (limit: number): Goal => ({ text: `<= ${limit}`, isMet: (value) => value <= limit });

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
}

export interface Bench {
  /** One figure, judged as it was measured and kept with four digits. */
  readonly metric: (measurement: Measurement) => void;
  /** The version of a part that was measured. */
  readonly version: (part: string, version: string) => void;
  /** Says on standard error what takes long. */
  readonly progress: (text: string) => void;
}

const RESULTS = fileURLToPath(new URL('../../../bench-results/', import.meta.url));

/**
 * The whole of a bench program: measures, writes `bench-results/<name>.json`, prints the same as a table and ends the
 * process: 0 when it could measure, goals met or not; 1 when it could not.
 */
export async function bench(name: string, measure: (b: Bench) => Promise<void>): Promise<never> {
  const metrics: Metric[] = [];
  const versions: Record<string, string> = { slipway: thisVersion(), node: process.version };
  const at = new Date().toISOString();
  try {
    await measure({
      metric: (measurement) => void metrics.push(judged(measurement)),
      version: (part, version) => void (versions[part] = version),
      progress: (text) => void process.stderr.write(`${name}: ${text}\n`),
    });
    if (metrics.length === 0) throw new Error('Nothing was measured');
  } catch (error) {
    console.error(`bench ${name} could not measure:`, error);
    process.exit(1);
  }
  const report = { name, at, machine: thisMachine(), versions, metrics };
  const file = writeReport(RESULTS, report);
  console.log(`\n${reportTable(report)}\n\n${file}`);
  process.exit(0);
}

function judged({ name, value, unit, goal }: Measurement): Metric {
  if (!Number.isFinite(value)) throw new RangeError(`${name} is ${value}`);
  const ok = goal ? goal.isMet(value) : null;
  return { name, value: Number(value.toPrecision(4)), unit, goal: goal?.text ?? null, ok };
}
