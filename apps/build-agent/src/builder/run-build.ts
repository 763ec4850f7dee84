import { randomUUID } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { ContextPlan } from '../context/plan-context.js';
import type { ContainersOfBuild } from '../collect/classic-containers.js';
import { packContext } from '../context/pack-context.js';
import type { BuildEvents, BuildRequest } from './builder.js';
import { BuildFailure } from './build-failure.js';
import type { BuildProgress } from './build-progress.js';
import { BuildkitProgress } from './buildkit-progress.js';
import { type CredentialsAsked, openSession } from './buildkit-session.js';
import { ClassicProgress } from './classic-progress.js';
import { classifyBuildError, classifyRequestError } from './engine-error.js';
import { type EngineMessage, engineMessages } from './engine-messages.js';
import type { StepNetwork } from './network.js';
import { ReadAhead } from './read-ahead.js';
import { authConfig } from './registry-host.js';
import { stopBuildkit, waitUntilGone } from './stop-build.js';
import { untilAborted, type Watchdog } from './watchdog.js';

/**
 * Read ahead of a slow consumer, bytes. BuildKit does not slow a step down for its reader but collects the output, and
 * its status stream breaks (see `BuildkitProgress`) when more than 1 MiB waits: so what it has is taken at once, and
 * the engine feels a slow consumer only behind this buffer. The classic builder does slow down, and needs none.
 */
const READ_AHEAD_BYTES = { buildkit: 16 * 1024 * 1024, classic: 64 * 1024 } as const;

export interface EngineBuild {
  readonly docker: Docker;
  readonly kind: 'buildkit' | 'classic';
  readonly request: BuildRequest;
  readonly networkMode: StepNetwork['networkMode'];
  readonly plan: ContextPlan;
  readonly events: BuildEvents;
  readonly watchdog: Watchdog;
  readonly onCredentialsAsked: CredentialsAsked;
  /** Told of the classic builder's containers. */
  readonly containers: ContainersOfBuild | undefined;
}

/** @returns the image's id @throws BuildFailure, or the watchdog's reason once the engine has stopped */
export const runBuild = (build: EngineBuild): Promise<string> =>
  build.kind === 'buildkit' ? runBuildkit(build) : runClassic(build);

async function runBuildkit(build: EngineBuild): Promise<string> {
  const { docker, request, watchdog } = build;
  const { credentials, secrets } = request;
  const session = await openSession(docker, { credentials, secrets }, build.onCredentialsAsked).catch(
    (error: unknown) => {
      throw classifyRequestError(error, 'ENGINE_UNAVAILABLE');
    },
  );
  // Its own id for each run: a second attempt of the same build must not be stopped with the first.
  const engineId = `${request.buildId}.${randomUUID()}`;
  const run = new EngineRun(build, new BuildkitProgress(build.events));
  try {
    return await run.toEnd({ version: 2, session: session.id, buildid: engineId });
  } catch (error) {
    if (watchdog.signal.aborted) await stopBuildkit(docker, engineId, run.drain());
    throw error;
  } finally {
    run.disconnect();
    await session.close();
  }
}

async function runClassic(build: EngineBuild): Promise<string> {
  const { docker, request, watchdog } = build;
  const run = new EngineRun(build, new ClassicProgress(build.events));
  const hosts = [...(request.credentials?.keys() ?? [])];
  const registryconfig = Object.fromEntries(hosts.map((host) => [host, authConfig(request.credentials, host)]));
  let isOver = false;
  try {
    const imageId = await run.toEnd({ version: 1, rm: true, forcerm: true, registryconfig });
    isOver = true;
    return imageId;
  } catch (error) {
    run.disconnect();
    if (watchdog.signal.aborted) await waitUntilGone(docker, run.progress.runningContainer);
    throw error;
  } finally {
    run.disconnect();
    await build.containers?.end(isOver);
  }
}

/** One `/build` request: the context goes up, messages come down. */
class EngineRun {
  readonly #transport = new AbortController();
  #messages: AsyncGenerator<EngineMessage> | undefined;
  #sentBytes: number | undefined;
  #isSentReported = false;

  constructor(
    readonly build: EngineBuild,
    readonly progress: BuildProgress,
  ) {}

  async toEnd(engineOptions: object): Promise<string> {
    const { watchdog } = this.build;
    const answer = await untilAborted(this.#request(engineOptions), watchdog.signal);
    const readAhead = new ReadAhead(READ_AHEAD_BYTES[this.build.kind]);
    pipeline(answer, readAhead, () => {}); // an error reaches the reader through `readAhead`
    this.#messages = engineMessages(readAhead);
    for (;;) {
      const next = await untilAborted(this.#messages.next(), watchdog.signal).catch((error: unknown) => {
        throw watchdog.signal.aborted ? error : new BuildFailure('ENGINE_UNAVAILABLE', undefined, { cause: error });
      });
      await this.#reportSent();
      if (next.done) break;
      if (!this.progress.isStreamBroken) watchdog.touch();
      await this.progress.handle(next.value);
      await this.build.containers?.runs(this.progress.runningContainer);
      if (this.progress.isStreamBroken) readAhead.slowDown();
      if (this.progress.isOver) break;
    }
    await this.progress.finish();
    if (this.progress.error) throw classifyBuildError(this.progress.error);
    if (this.progress.imageId) return this.progress.imageId;
    throw new BuildFailure('ENGINE_UNAVAILABLE', 'The container engine ended the build without a result.');
  }

  /** Reads what is left without looking at it; settles when the engine has nothing more to say. */
  async drain(): Promise<void> {
    while (this.#messages && !(await this.#messages.next()).done);
  }

  disconnect(): void {
    this.#transport.abort();
  }

  async #request(engineOptions: object): Promise<Readable> {
    const { docker, plan, watchdog } = this.build;
    const context = packContext(plan, (bytes, isAll) => {
      watchdog.touch();
      if (isAll) this.#sentBytes = bytes;
    });
    let contextError: unknown;
    context.once('error', (error) => (contextError = error));
    const options = { ...commonOptions(this.build), ...engineOptions, abortSignal: this.#transport.signal };
    try {
      // Its types want the version as a text, but a text makes dockerode open its own session.
      return await (docker.buildImage(context, options as never) as unknown as Promise<Readable>);
    } catch (error) {
      if (contextError !== undefined) throw contextError;
      throw classifyRequestError(error, 'DOCKERFILE_INVALID');
    } finally {
      this.#transport.signal.addEventListener('abort', () => context.destroy(), { once: true });
    }
  }

  async #reportSent(): Promise<void> {
    if (this.#isSentReported || this.#sentBytes === undefined) return;
    this.#isSentReported = true;
    await this.build.events.contextSent(this.#sentBytes);
  }
}

const commonOptions = ({ request, plan, networkMode }: EngineBuild): object => ({
  dockerfile: plan.dockerfileName,
  t: request.imageTag,
  buildargs: request.buildArgs,
  labels: request.labels,
  nocache: !request.useCache,
  ...(networkMode && { networkmode: networkMode }),
});
