import type { BuildView, StepView } from '@slipway/contracts';
import { type Screen, type Style, clip, harmless } from './screen.js';

/** A label, then what it is for each build. */
export interface Row {
  readonly label: string;
  readonly cells: readonly Cell[];
}

interface Cell {
  readonly text: string;
  readonly style?: Style;
}

const PHASES = ['starting', 'cloning', 'building', 'pushing'] as const;
const LABEL_COLUMNS = 40;
const COMMIT_DIGITS = 12;
const DIGEST_DIGITS = 'sha256:'.length + 12;

export function summaryRows(builds: readonly BuildView[]): readonly Row[] {
  const row = (label: string, of: (build: BuildView) => string | null): Row => ({
    label,
    cells: builds.map((build) => ({ text: of(build) ?? '-' })),
  });
  return [
    row('tags', ({ tags }) => tags.map(({ tag, moved }) => (moved ? tag : `${tag} (superseded)`)).join(', ')),
    row('digest', ({ digest }) => digest && digest.slice(0, DIGEST_DIGITS)),
    row('commit', ({ code_head_commit: commit }) => commit && commit.slice(0, COMMIT_DIGITS)),
    row('agent', ({ agent }) => agent),
    row('waiting', ({ created_at, phases }) => between(created_at, phases.starting)),
    ...PHASES.map((phase, index) => row(phase, (build) => between(build.phases[phase], endOf(build, index)))),
    row('total', ({ created_at, ended_at }) => between(created_at, ended_at)),
  ];
}

/** Every step of the Dockerfile: its time, or that it came from the cache. */
export function stepRows(builds: readonly BuildView[]): readonly Row[] {
  const labels = new Set(builds.flatMap(({ steps }) => steps.map(labelOf)));
  return [...labels].sort(byStage).map((label) => ({
    label,
    cells: builds.map(({ steps }) => stepCell(steps.find((step) => labelOf(step) === label))),
  }));
}

export const cachedSteps = ({ steps }: BuildView): string =>
  `${steps.filter(({ cached }) => cached).length} of ${steps.length}`;

export function printTable(screen: Screen, headings: readonly string[], rows: readonly Row[]): void {
  const width = (column: number): number =>
    Math.max(headings[column]?.length ?? 0, ...rows.map(({ cells }) => cells[column]?.text.length ?? 0));
  const print = (label: string, cells: readonly Cell[]): void => {
    const columns = cells.map(({ text, style }, column) => {
      const padded = column === cells.length - 1 ? text : text.padEnd(width(column));
      return style ? screen.paint(style, padded) : padded;
    });
    screen.line(`  ${screen.paint('dim', clip(label, LABEL_COLUMNS).padEnd(LABEL_COLUMNS))}  ${columns.join('   ')}`);
  };
  print(
    '',
    headings.map((text) => ({ text, style: 'bold' })),
  );
  for (const { label, cells } of rows) print(label, cells);
}

/** Of a build that did not succeed: why, and the last lines of the step that failed. */
export function describeFailure({ build_id, state, failure }: BuildView): string {
  if (!failure) return `build ${build_id} ended without an image: ${state}.`;
  const { code, message, step, last_lines } = failure;
  const lines = last_lines.map((line) => `\n  ${harmless(line)}`).join('');
  return `build ${build_id} failed (${code}): ${harmless(message)}${step ? `\n  ${harmless(step)}` : ''}${lines}`;
}

/** A phase lasts until the next one that was reached begins. */
const endOf = ({ phases, ended_at }: BuildView, phase: number): string | null =>
  PHASES.slice(phase + 1)
    .map((later) => phases[later])
    .find((at) => at !== undefined) ?? ended_at;

/** BuildKit fetches a base image once for all stages, and names the step after any of them. */
const labelOf = ({ name }: StepView): string => harmless(name).replace(/^\[[^\]]+\] (?=FROM )/, '');

function stepCell(step: StepView | undefined): Cell {
  if (!step) return { text: '-' };
  if (step.cached) return { text: 'cached', style: 'green' };
  return { text: between(step.started_at, step.ended_at) ?? '-' };
}

/** Base images first; then the steps of one stage together, in their order. */
function byStage(one: string, other: string): number {
  const bases = Number(other.startsWith('FROM ')) - Number(one.startsWith('FROM '));
  return bases || one.localeCompare(other, 'en', { numeric: true });
}

function between(from: string | undefined, to: string | null | undefined): string | null {
  if (!from || !to) return null;
  return `${((Date.parse(to) - Date.parse(from)) / 1_000).toFixed(2)} s`;
}
