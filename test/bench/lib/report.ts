import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.js';

export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `">= 2000"`, `"<= 5"`; null: measured for the record. */
  readonly goal: string | null;
  /** Whether the goal is met; null without one. */
  readonly ok: boolean | null;
}

/** What `bench-results/<name>.json` holds. */
export interface BenchReport {
  readonly name: string;
  readonly at: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly metrics: readonly Metric[];
}

export function writeReport(directory: string, report: BenchReport): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${report.name}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}

export function reportTable({ name, at, machine, versions, metrics }: BenchReport): string {
  const rows = metrics.map((metric) => [
    metric.name,
    metric.value.toLocaleString('en-US'),
    metric.unit,
    metric.goal ?? '',
    metric.ok === null ? '' : metric.ok ? 'met' : 'missed',
  ]);
  const all = [['metric', 'value', 'unit', 'goal', ''], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const where = `${machine.cores} x ${machine.cpu}, ${machine.memoryMb} MB, ${machine.system}`;
  const what = Object.entries(versions).map(([part, version]) => `${part} ${version}`);
  return [`bench ${name}, ${at}`, where, what.join(', '), '', ...lines].join('\n');
}
