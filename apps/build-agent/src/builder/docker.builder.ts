import type Docker from 'dockerode';
import type { ClassicContainers } from '../collect/classic-containers.js';
import { locateSources } from '../context/build-sources.js';
import type { StepGuard } from '../limits/step-guard.js';
import { checkBuildArgs, checkDirectives } from '../context/dockerfile-directives.js';
import { type ContextPlan, planContext } from '../context/plan-context.js';
import type {
  Builder,
  BuildEvents,
  BuildRequest,
  BuiltImage,
  PushedImage,
  PushEvents,
  PushRequest,
} from './builder.js';
import type { CredentialsAsked } from './buildkit-session.js';
import { BuildFailure, type FailedStep } from './build-failure.js';
import { detectBuilder } from './engine.js';
import { classifyRequestError } from './engine-error.js';
import { stepNetwork } from './network.js';
import { pushImage } from './push-image.js';
import { runBuild } from './run-build.js';
import { Watchdog } from './watchdog.js';

export interface DockerBuilderOptions {
  readonly docker: Docker;
  /** Default: BuildKit where the engine has it. */
  readonly kind?: 'buildkit' | 'classic';
  /** Told when BuildKit asks for a registry's credentials, with the host and whether it got some. */
  readonly onCredentialsAsked?: CredentialsAsked;
  /** Of the proxy that is all that the engine's bridge lets steps reach; undefined: it is open to the internet. */
  readonly proxyUrl?: string | undefined;
  /** Holds steps within limits that the engine does not know. */
  readonly guard?: StepGuard | undefined;
  /** Keeps which containers are the classic builder's, and ours. */
  readonly containers?: ClassicContainers | undefined;
}

/** @throws BuildFailure ENGINE_UNAVAILABLE */
export async function dockerBuilder(options: DockerBuilderOptions): Promise<Builder> {
  const kind = options.kind ?? (await detectBuilder(options.docker));
  return new DockerBuilder({ onCredentialsAsked: () => {}, ...options, kind });
}

type ReadyOptions = DockerBuilderOptions & Required<Pick<DockerBuilderOptions, 'kind' | 'onCredentialsAsked'>>;

class DockerBuilder implements Builder {
  readonly docker: Docker;
  readonly kind: 'buildkit' | 'classic';
  readonly #onCredentialsAsked: CredentialsAsked;
  readonly #guard: StepGuard | undefined;
  readonly #proxyUrl: string | undefined;
  readonly #containers: ClassicContainers | undefined;

  constructor({ docker, kind, onCredentialsAsked, guard, proxyUrl, containers }: ReadyOptions) {
    this.docker = docker;
    this.kind = kind;
    this.#onCredentialsAsked = onCredentialsAsked;
    this.#guard = guard;
    this.#proxyUrl = proxyUrl;
    this.#containers = containers;
  }

  async build(asked: BuildRequest, events: BuildEvents, signal: AbortSignal): Promise<BuiltImage> {
    const { limits } = asked;
    const { networkMode, buildArgs } = stepNetwork(asked.networkPolicy ?? 'full', this.#proxyUrl);
    const request = { ...asked, buildArgs: { ...asked.buildArgs, ...buildArgs } };
    using watchdog = new Watchdog(
      { silenceMs: limits.silenceTimeoutMs, silenceCode: 'BUILD_SILENT_TIMEOUT', totalMs: limits.buildTimeoutMs },
      signal,
    );
    const starts = new Map<string, number>(); // of steps, by name
    const startedAt = (step: FailedStep | undefined): number => starts.get(step?.name ?? '') ?? 0;
    const watched = watchedEvents(events, watchdog, (name) => starts.set(name, performance.now()));
    const { docker, kind } = this;
    const plan = await planBuild(kind, { request, events: watched }, watchdog.signal);
    using guarded = this.#guard?.watch((failure) => watchdog.stop(failure));
    const imageId = await runBuild({
      docker,
      kind,
      networkMode,
      request,
      plan,
      events: watched,
      watchdog,
      onCredentialsAsked: this.#onCredentialsAsked,
      containers: this.#containers?.ofBuild(),
    }).catch((error: unknown) => {
      throw guarded && error instanceof BuildFailure ? guarded.explain(error, startedAt(error.step)) : error;
    });
    const image = await docker
      .getImage(imageId)
      .inspect()
      .catch((error: unknown) => {
        throw classifyRequestError(error, 'ENGINE_UNAVAILABLE');
      });
    return { imageId: image.Id, size: image.Size };
  }

  push(request: PushRequest, events: PushEvents, signal: AbortSignal): Promise<PushedImage> {
    return pushImage(this.docker, request, events, signal);
  }

  async remove(image: string): Promise<void> {
    try {
      // noprune keeps the parents: they are the classic builder's cache.
      await this.docker.getImage(image).remove({ force: true, noprune: true });
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 404)
        throw classifyRequestError(error, 'ENGINE_UNAVAILABLE');
    }
  }
}

/** The classic builder has no mounts: it would say so in words of its own, and not why. */
const MOUNTS_A_SECRET = /--mount=\S*\btype=secret\b/;

/** Reads and checks everything that needs no engine, so that most mistakes cost nothing. */
async function planBuild(
  kind: 'buildkit' | 'classic',
  { request, events }: { readonly request: BuildRequest; readonly events: BuildEvents },
  signal: AbortSignal,
): Promise<ContextPlan> {
  checkBuildArgs(request.buildArgs);
  const sources = await locateSources(request);
  const { text, ignoredFrontend } = checkDirectives(sources.dockerfileText);
  if (kind === 'classic' && MOUNTS_A_SECRET.test(text)) throw new BuildFailure('SECRETS_UNSUPPORTED');
  const { contextMaxBytes: maxBytes, contextMaxFiles: maxFiles } = request.limits;
  const plan = await planContext(sources, text, { maxBytes, maxFiles }, signal);
  if (ignoredFrontend !== undefined)
    await events.line(`# syntax=${ignoredFrontend}: the engine's built-in frontend is used instead.`, 'WARNING');
  for (const path of plan.skipped) await events.line(`Not part of the build context: ${path}`, 'WARNING');
  return plan;
}

/** After an abort no event goes out, and the time that one takes is not the engine's silence. */
const watchedEvents = (events: BuildEvents, watchdog: Watchdog, begins: (step: string) => void): BuildEvents => ({
  step: (step) => {
    begins(step.name);
    return watchdog.pause(() => events.step(step));
  },
  stepDone: (end) => watchdog.pause(() => events.stepDone(end)),
  output: (bytes, stream, stepId) => watchdog.pause(() => events.output(bytes, stream, stepId)),
  line: (text, level) => watchdog.pause(() => events.line(text, level)),
  contextSent: (bytes) => watchdog.pause(() => events.contextSent(bytes)),
});
