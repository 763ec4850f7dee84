import { stepAtOfBuild } from '@slipway/contracts';
import type { BuildEvents, BuildStep, BuildStepEnd, OutputStream } from '../builder/builder.js';
import type { AttemptLog, LogStream } from '../log/index.js';
import type { SecretMask } from '../mask/secret-mask.js';
import type { ReportLane } from '../reports/report-lane.js';
import { clip, STEP_CHARS } from './clip.js';

/** Last words of a step that are kept for its failure. */
const LAST_LINES = 20;
const LAST_CHARACTERS = 8_192;
/** No step of a Dockerfile: output that the engine does not attribute. */
const NO_STEP = '';

/** Makes log lines and reports of what a builder says, and remembers the last words of every open step. */
export class StepTracker implements BuildEvents {
  readonly #streams = new Map<string, LogStream>();
  /** As they left: nothing of a secret is in them. */
  readonly #tails = new Map<string, string[]>();
  readonly #names = new Map<string, string>();
  #done = 0;
  #total = 1;

  constructor(
    private readonly log: AttemptLog,
    private readonly reports: ReportLane,
    private readonly mask: Pick<SecretMask, 'text'>,
  ) {}

  async step({ id, index, total, name, cached }: BuildStep): Promise<void> {
    this.#total = Math.max(total, this.#total);
    this.#names.set(id, name);
    this.#report({ index, total: this.#total, name, cached: cached ? true : null });
    await this.log.line(name);
  }

  async stepDone({ id, index, name, cached, error }: BuildStepEnd): Promise<void> {
    this.#done += 1;
    for (const stream of ['stdout', 'stderr'] as const) await this.#close(id, stream);
    if (error === undefined) this.#tails.delete(id);
    this.#report({ index, total: this.#total, name, cached });
    if (cached) await this.log.line(`${name} CACHED`);
  }

  async output(bytes: Uint8Array, stream: OutputStream, stepId: string = NO_STEP): Promise<void> {
    const key = `${stepId}/${stream}`;
    const open = this.#streams.get(key) ?? this.log.stream('INFO', (line) => this.#keep(stepId, line));
    this.#streams.set(key, open);
    await open.write(bytes);
  }

  line(text: string, level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'): Promise<void> {
    return this.log.line(text, level);
  }

  contextSent(bytes: number): Promise<void> {
    return this.log.line(`Sending build context to Docker daemon ${humanSize(bytes)}`);
  }

  /** Nothing more is said: what has no line end becomes a line. Safe to repeat. */
  async end(): Promise<void> {
    for (const stream of this.#streams.values()) await stream.end();
    this.#streams.clear();
  }

  /** The last lines of a step that failed, by its name; of everything unattributed where there are none. */
  lastLines(stepName: string | undefined): readonly string[] {
    const id = [...this.#names].find(([, name]) => name === stepName)?.[0] ?? NO_STEP;
    return this.#tails.get(id) ?? this.#tails.get(NO_STEP) ?? [];
  }

  #keep(stepId: string, line: string): void {
    const tail = [...(this.#tails.get(stepId) ?? []), line].slice(-LAST_LINES);
    while (tail.length > 1 && tail.join('').length > LAST_CHARACTERS) tail.shift();
    this.#tails.set(stepId, tail);
  }

  #report(step: { index: number; total: number; name: string; cached: boolean | null }): void {
    const stepAt = stepAtOfBuild(this.#done, this.#total);
    const name = clip(this.mask.text(step.name), STEP_CHARS);
    this.reports.send({ type: 'step-advanced', stepAt, phase: 'building', step: { ...step, name } });
  }

  async #close(id: string, stream: OutputStream): Promise<void> {
    const key = `${id}/${stream}`;
    await this.#streams.get(key)?.end();
    this.#streams.delete(key);
  }
}

/** As docker prints sizes: powers of 1000, four digits. */
export function humanSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  for (; size >= 1_000 && unit < units.length - 1; unit++) size /= 1_000;
  return `${Number(size.toPrecision(4))} ${units[unit]}`;
}
