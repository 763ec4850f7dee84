import type { BuildEvents } from './builder.js';
import type { BuildProgress, EngineError } from './build-progress.js';
import type { EngineMessage } from './engine-messages.js';

const STEP = /^Step (\d+)\/(\d+) : ([\s\S]*)$/;
const RUNNING = /^ ---> Running in ([0-9a-f]{12})\n$/;
/** Engines before 23 say the first, later ones the second. */
const REMOVING = /^(?:Removing| ---> Removed) intermediate container ([0-9a-f]{12})\n$/;
const CACHED = ' ---> Using cache\n';
/** How the engine marks what a container wrote to its standard error. The marks stay in the output. */
const STDERR_MARK = '\x1b[91m';

interface OpenStep {
  readonly index: number;
  readonly name: string;
  readonly startedAt: number; // ms, monotonic
  cached: boolean;
}

/**
 * Follows the classic builder, which mixes its own words with the containers' output: `RUN printf 'Step 9/9 : x'` looks
 * like a step. What tells them apart is the order: between "Running in <id>" and "Removing (Removed) intermediate
 * container <id>" everything is output, and steps come one by one. A container knows its own id and can forge the second line; then the
 * true one comes later for an id that is already closed, and that is reported. So output can move a step's mark, but
 * not without a warning.
 */
export class ClassicProgress implements BuildProgress {
  imageId: string | undefined;
  error: EngineError | undefined;
  runningContainer: string | undefined;
  readonly isStreamBroken = false;
  readonly isOver = false;
  readonly #events: BuildEvents;
  readonly #closed = new Set<string>();
  #step: OpenStep | undefined;
  #total = 0;
  #isForged = false;

  constructor(events: BuildEvents) {
    this.#events = events;
  }

  async handle(message: EngineMessage): Promise<void> {
    if (message.error !== undefined) await this.#fail(message.error, message.errorDetail?.code);
    else if (message.stream !== undefined) await this.#text(message.stream);
    else if (message.aux !== undefined) this.imageId = (message.aux as { ID?: string }).ID ?? this.imageId;
    else if (message.status !== undefined && message.progressDetail?.total === undefined)
      await this.#events.line(message.id ? `${message.id}: ${message.status}` : message.status, 'DEBUG');
  }

  async finish(): Promise<void> {
    await this.#endStep();
  }

  async #text(text: string): Promise<void> {
    const removed = REMOVING.exec(text)?.[1];
    if (removed && this.#closed.has(removed)) return this.#warnOfForgery();
    if (this.runningContainer === undefined) return this.#narration(text);
    if (removed !== this.runningContainer) return this.#output(text);
    this.#closed.add(removed);
    this.runningContainer = undefined;
  }

  async #narration(text: string): Promise<void> {
    const running = RUNNING.exec(text)?.[1];
    const step = STEP.exec(text);
    if (running && !this.#closed.has(running)) this.runningContainer = running;
    else if (step && this.#isNext(Number(step[1]), Number(step[2]))) await this.#startStep(Number(step[1]), step[3]!);
    else if (text === CACHED && this.#step) this.#step.cached = true;
    else for (const line of text.split('\n')) if (line.trim() !== '') await this.#events.line(line, 'DEBUG');
  }

  #isNext(index: number, total: number): boolean {
    if (this.#total === 0) this.#total = total; // the first line of all: no container has run yet
    return total === this.#total && index === (this.#step?.index ?? 0) + 1;
  }

  async #startStep(index: number, instruction: string): Promise<void> {
    await this.#endStep();
    const name = `[${index}/${this.#total}] ${instruction.trimEnd()}`;
    this.#step = { index, name, startedAt: performance.now(), cached: false };
    await this.#events.step({ id: stepId(index), index, total: this.#total, name, cached: false });
  }

  async #endStep(error?: string): Promise<void> {
    const step = this.#step;
    if (!step || this.error) return;
    const { index, name, cached } = step;
    const end = { id: stepId(index), index, name, cached, durationMs: performance.now() - step.startedAt };
    await this.#events.stepDone(error ? { ...end, error } : end);
  }

  async #output(text: string): Promise<void> {
    const stream = text.startsWith(STDERR_MARK) ? 'stderr' : 'stdout';
    await this.#events.output(Buffer.from(text), stream, this.#step && stepId(this.#step.index));
  }

  async #warnOfForgery(): Promise<void> {
    if (this.#isForged) return;
    this.#isForged = true;
    await this.#events.line(
      "A step's output imitates the builder's own lines: step marks may be out of place.",
      'WARNING',
    );
  }

  async #fail(message: string, exitCode: number | undefined): Promise<void> {
    await this.#endStep(message);
    const { index, name } = this.#step ?? {};
    const step = index && name ? { index, name, ...(exitCode ? { exitCode } : {}) } : undefined;
    this.error = { message, during: name, step };
  }
}

const stepId = (index: number): string => `step-${index}`;
