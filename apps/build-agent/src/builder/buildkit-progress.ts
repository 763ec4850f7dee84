import type { BuildEvents, OutputStream } from './builder.js';
import type { FailedStep } from './build-failure.js';
import { decodeTrace, type StatusResponse, toMilliseconds, type Vertex } from './buildkit-protocol.js';
import type { EngineMessage } from './engine-messages.js';
import type { BuildProgress, EngineError } from './build-progress.js';

/** `[2/4] RUN make`, `[build 2/4] RUN make`: an instruction. Everything else that BuildKit does has another form. */
const STEP_NAME = /^\[(?:\S+ )?\d+\/\d+\] /;
/** What BuildKit writes in place of output beyond its limits; its last words before it resumes or gives up. */
const CLIPPED = /\[output clipped, log limit ([^\]\n]+) reached\]\n?$/;
const CLIPPED_MARK = '[output clipped';
const EXIT_CODE = /exit code: (\d+)/;
/** Other steps are cancelled with the one that failed. */
const CANCELLED = /context canceled/;

interface TrackedStep {
  readonly name: string;
  isDone: boolean;
  /** 0 = not started. */
  index: number;
  outputBytes: number;
  clips: number;
}

/**
 * Follows the trace of one build: a graph of vertexes that start and end side by side, told apart by digest.
 *
 * Up to Docker 20.10, BuildKit's status stream breaks when more than 1 MiB of output waits at once: it loses what
 * follows and repeats an empty message for ever, also after the build has ended. The build itself goes on, and its image
 * is announced between the empty messages; an error never is. So from then on only the image is awaited, for as long as
 * a build may be silent, and the loss is said aloud.
 * Source: controlapi `Status`, where `retry` outlives the message that was split.
 */
export class BuildkitProgress implements BuildProgress {
  imageId: string | undefined;
  error: EngineError | undefined;
  isStreamBroken = false;
  readonly runningContainer = undefined; // BuildKit's are not the engine's
  readonly #events: BuildEvents;
  readonly #steps = new Map<string, TrackedStep>();
  readonly #announced = new Set<string>();
  #started = 0;
  #failed: { readonly vertex: string; readonly step: FailedStep | undefined } | undefined;

  constructor(events: BuildEvents) {
    this.#events = events;
  }

  async handle(message: EngineMessage): Promise<void> {
    if (message.id === 'moby.buildkit.trace' && message.aux === '') await this.#noteBroken();
    else if (message.id === 'moby.buildkit.trace') await this.#trace(decodeTrace(String(message.aux)));
    else if (message.id === 'moby.image.id') this.imageId = (message.aux as { ID: string }).ID;
    else if (message.error !== undefined)
      this.error = {
        message: message.error,
        during: this.#failed?.vertex,
        step: this.#failed?.step ?? this.#guess(message.error),
      };
  }

  async finish(): Promise<void> {}

  get isOver(): boolean {
    return this.isStreamBroken && (this.imageId !== undefined || this.error !== undefined);
  }

  async #noteBroken(): Promise<void> {
    if (this.isStreamBroken) return;
    this.isStreamBroken = true;
    await this.#events.line(
      'The engine lost its log stream: output and steps from here on are missing. The build itself goes on. (Too much output at once.)',
      'WARNING',
    );
  }

  /** Without the trace, the error's own words tell the exit code, and the step was one of those that were open. */
  #guess(error: string): FailedStep | undefined {
    const exitCode = EXIT_CODE.exec(error)?.[1];
    const open = [...this.#steps.values()].filter(({ index, isDone }) => index > 0 && !isDone);
    const { name, index } = open.at(-1) ?? {};
    return this.isStreamBroken && exitCode && name && index ? { name, index, exitCode: Number(exitCode) } : undefined;
  }

  async #trace({ vertexes, logs, warnings }: StatusResponse): Promise<void> {
    // All are known before the first is announced, so that `total` is as true as it can be.
    for (const vertex of vertexes) this.#know(vertex);
    for (const vertex of vertexes) if (vertex.started) await this.#start(vertex);
    for (const { vertex, stream, msg } of logs)
      await this.#output(vertex, Number(stream) === 2 ? 'stderr' : 'stdout', msg);
    for (const { short } of warnings) await this.#events.line(Buffer.from(short).toString(), 'WARNING');
    for (const vertex of vertexes) if (vertex.completed) await this.#complete(vertex);
  }

  #know({ digest, name }: Vertex): void {
    if (!STEP_NAME.test(name) || this.#steps.has(digest)) return;
    this.#steps.set(digest, { name, isDone: false, index: 0, outputBytes: 0, clips: 0 });
  }

  async #start({ digest, name, cached }: Vertex): Promise<void> {
    if (this.#announced.has(digest)) return;
    this.#announced.add(digest);
    const step = this.#steps.get(digest);
    if (!step) return this.#events.line(name, 'DEBUG');
    step.index = ++this.#started;
    await this.#events.step({ id: digest, index: step.index, total: this.#steps.size, name, cached });
  }

  async #output(digest: string, stream: OutputStream, bytes: Uint8Array): Promise<void> {
    const step = this.#steps.get(digest);
    if (step) step.outputBytes += bytes.length;
    await this.#events.output(bytes, stream, step && digest);
    const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).subarray(-200);
    if (!tail.includes(CLIPPED_MARK)) return;
    const limit = CLIPPED.exec(tail.toString('latin1'))?.[1];
    if (limit && step && step.clips++ === 0)
      await this.#events.line(`The engine clips the output of ${step.name}: its limit is ${limit}.`, 'WARNING');
  }

  async #complete({ digest, name, cached, started, completed, error }: Vertex): Promise<void> {
    if (error && !this.#failed && !CANCELLED.test(error)) this.#fail(digest, name, error);
    const step = this.#steps.get(digest);
    if (!step || step.isDone || step.index === 0) return;
    step.isDone = true;
    if (step.clips > 0) {
      const kept = `Output of ${step.name} is missing: the engine clipped it ${step.clips} times and let ${step.outputBytes} bytes through.`;
      await this.#events.line(kept, 'WARNING');
    }
    const durationMs = started && completed ? toMilliseconds(completed) - toMilliseconds(started) : 0;
    const end = { id: digest, index: step.index, name, cached, durationMs };
    await this.#events.stepDone(error ? { ...end, error } : end);
  }

  #fail(digest: string, name: string, error: string): void {
    const index = this.#steps.get(digest)?.index;
    const exitCode = EXIT_CODE.exec(error)?.[1];
    const step = index ? { name, index, ...(exitCode ? { exitCode: Number(exitCode) } : {}) } : undefined;
    this.#failed = { vertex: name, step };
  }
}
