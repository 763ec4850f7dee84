import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  Builder,
  BuildEvents,
  BuildRequest,
  BuiltImage,
  PushedImage,
  PushEvents,
  PushRequest,
} from './builder.js';

export interface DummyOptions {
  /** Steps of each build. DUMMY_STEPS. */
  readonly steps: number;
  /** Lines of output of each build, spread over its steps. DUMMY_LINES. */
  readonly lines: number;
  /** Bytes of each line, with its line end; never less than its number needs. DUMMY_LINE_BYTES. */
  readonly lineBytes: number;
  /** Time that each step takes besides its output, ms. DUMMY_STEP_MS. */
  readonly stepMs: number;
}

export const DUMMY_DEFAULTS: DummyOptions = { steps: 3, lines: 10, lineBytes: 80, stepMs: 0 };

/** As a container would write: a pipe's worth at a time. Bytes. */
const OUTPUT_BYTES = 32 * 1024;

/**
 * A builder that runs no engine and reads no repository: it makes steps and lines as fast as they are taken, pushes
 * nothing, and answers with ids derived from the build's. For load tests and benches of everything around a builder.
 */
export const dummyBuilder = (options: Partial<DummyOptions> = {}): Builder =>
  new DummyBuilder({ ...DUMMY_DEFAULTS, ...options });

class DummyBuilder implements Builder {
  readonly kind = 'dummy';

  constructor(readonly options: DummyOptions) {}

  async build(request: BuildRequest, events: BuildEvents, signal: AbortSignal): Promise<BuiltImage> {
    const { steps, lines, stepMs } = this.options;
    await events.line('Dummy builder: no engine runs and no image is made. For load tests only.', 'WARNING');
    await events.contextSent(0);
    for (let index = 1; index <= steps; index++) {
      signal.throwIfAborted();
      const startedAt = performance.now();
      const step = { id: `step-${index}`, index, name: `[${index}/${steps}] RUN dummy`, cached: false };
      await events.step({ ...step, total: steps });
      const [from, to] = [lines * (index - 1), lines * index].map((share) => Math.floor(share / steps)) as [
        number,
        number,
      ];
      await this.#write(from, to, (bytes) => events.output(bytes, 'stdout', step.id), signal);
      if (stepMs > 0) await delay(stepMs, undefined, { signal });
      await events.stepDone({ ...step, durationMs: performance.now() - startedAt });
    }
    return { imageId: digestOf('image', request.buildId), size: 0 };
  }

  async push(request: PushRequest, events: PushEvents, signal: AbortSignal): Promise<PushedImage> {
    signal.throwIfAborted();
    await events.line(`Dummy builder: ${request.repository}:${request.tag} is not pushed.`, 'WARNING');
    return { digest: digestOf('manifest', request.buildId), size: 0 };
  }

  async remove(): Promise<void> {}

  /** Lines `from` (exclusive) to `to`, numbered from 1 over the whole build, so that a reader can prove that none is missing. */
  async #write(
    from: number,
    to: number,
    output: (bytes: Uint8Array) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const perChunk = Math.max(1, Math.floor(OUTPUT_BYTES / this.options.lineBytes));
    for (let at = from; at < to; at += perChunk) {
      signal.throwIfAborted();
      const count = Math.min(perChunk, to - at);
      await output(Buffer.from(Array.from({ length: count }, (_, n) => this.#line(at + n + 1)).join('')));
    }
  }

  #line(number: number): string {
    return `${`dummy line ${number} `.padEnd(this.options.lineBytes - 1, '.')}\n`;
  }
}

const digestOf = (kind: string, buildId: string): string =>
  `sha256:${createHash('sha256').update(`${kind}:${buildId}`).digest('hex')}`;
