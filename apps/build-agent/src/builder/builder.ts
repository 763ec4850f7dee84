import type { NetworkPolicy } from '@slipway/contracts';
import type { Secret } from '@slipway/platform';

/**
 * The engine behind an agent: turns a checked-out repository into a local image and pushes it.
 *
 * Concurrency: every method may run many times at once, for different builds; one build id is built once at a time.
 * Errors: a known failure is a `BuildFailure`; an abort rejects with the signal's reason; anything else is a bug.
 */
export interface Builder {
  /** `dummy` runs no engine: for load tests. */
  readonly kind: 'buildkit' | 'classic' | 'dummy';

  /**
   * Builds one image. Events arrive in order and one at a time: the next waits until the promise of the last one has
   * settled, and the engine waits with it. No event follows once the returned promise has settled.
   * An abort stops the engine's work; the promise rejects after the engine has said that it stopped (or after 10 s).
   * Not idempotent, but repeatable: a second run of the same request moves `imageTag` to the new image.
   * @throws BuildFailure
   */
  build(request: BuildRequest, events: BuildEvents, signal: AbortSignal): Promise<BuiltImage>;

  /**
   * Pushes one reference and nothing else; the local name it needs for that is gone afterwards. Pushes of one reference
   * wait for each other. Safe to repeat: a layer that the registry has is not sent again.
   * @throws BuildFailure PUSH_FAILED | REGISTRY_UNAVAILABLE | ENGINE_UNAVAILABLE
   */
  push(request: PushRequest, events: PushEvents, signal: AbortSignal): Promise<PushedImage>;

  /** Takes a local name away, and the image when it was the last one. The layer cache stays. Safe to repeat. */
  remove(image: string): Promise<void>;
}

export interface BuildRequest {
  readonly buildId: string;
  /** The checked-out repository: an absolute path. Nothing outside of it is read, not even through a symlink. */
  readonly repositoryDirectory: string;
  /** Folder that is sent as build context, from the repository's root: `/`, `/web` or `web`. */
  readonly contextPath: string;
  /** Folder that holds a `Dockerfile`, or the path of a Dockerfile, from the repository's root. May lie outside the context. */
  readonly dockerfileLocation: string;
  /** Local `name:tag` of the result. */
  readonly imageTag: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** False: every step runs. */
  readonly useCache: boolean;
  readonly limits: BuildLimits;
  /** What steps may reach. Default `full`. */
  readonly networkPolicy?: NetworkPolicy;
  /** For base images. Each is shown to its own registry alone, whatever hosts a Dockerfile names. */
  readonly credentials?: RegistryCredentials;
  /** For `RUN --mount=type=secret,id=<name>`, and nowhere else. Only BuildKit has them. */
  readonly secrets?: BuildSecrets;
}

/** By the name that a Dockerfile calls them. */
export type BuildSecrets = ReadonlyMap<string, Secret>;

export interface BuildLimits {
  /** Bytes of all files of the context. */
  readonly contextMaxBytes: number;
  /** Files, directories and symlinks of the context. */
  readonly contextMaxFiles: number;
  /** A build that says nothing for so long is stopped. Time spent in event callbacks does not count. */
  readonly silenceTimeoutMs: number;
  readonly buildTimeoutMs: number;
}

/** By registry host as image names write it: `registry.example:5000`; `docker.io` for Docker Hub. */
export type RegistryCredentials = ReadonlyMap<string, RegistryLogin>;

export interface RegistryLogin {
  readonly username: string;
  readonly password: Secret;
}

export type OutputStream = 'stdout' | 'stderr';
export type LineLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

/** One instruction of the Dockerfile, when it starts. Stages run side by side, so several may be open at once. */
export interface BuildStep {
  /** Unique in the build; `output` and `stepDone` refer to it. */
  readonly id: string;
  /** Place in the order of starting, from 1. Only ever grows. */
  readonly index: number;
  /** Steps of the whole build, as far as the engine has named them: may grow while the build runs, never below `index`. */
  readonly total: number;
  /** As the engine names it: `[build 2/4] RUN make`. */
  readonly name: string;
  /** Nothing was run: the result was there. A step may also turn out to be cached at its end: see `stepDone`. */
  readonly cached: boolean;
}

export interface BuildStepEnd {
  readonly id: string;
  readonly index: number;
  readonly name: string;
  readonly cached: boolean;
  /** By the engine's clock where it has one. */
  readonly durationMs: number;
  /** What the engine says of a step that failed or was stopped with it. */
  readonly error?: string;
}

/** Each may return a promise: the engine's stream waits for it. */
export interface BuildEvents {
  step(step: BuildStep): void | Promise<void>;
  stepDone(step: BuildStepEnd): void | Promise<void>;
  /** Raw bytes of a RUN, cut anywhere, also inside a character. `stepId` is undefined when the engine does not say whose they are. */
  output(bytes: Uint8Array, stream: OutputStream, stepId: string | undefined): void | Promise<void>;
  /** What the builder itself has to say. One line, no line end. */
  line(text: string, level: LineLevel): void | Promise<void>;
  /** Once, when the engine has all of the context: bytes of the archive. */
  contextSent(bytes: number): void | Promise<void>;
}

export interface BuiltImage {
  /** `sha256:…` of the image's configuration. */
  readonly imageId: string;
  /** Bytes of all layers, unpacked. */
  readonly size: number;
}

export interface PushRequest {
  readonly buildId: string;
  /** Local image: a tag or an id. */
  readonly image: string;
  /** `host:port/namespace/name`, without a tag. */
  readonly repository: string;
  readonly tag: string;
  /** Only the entry of the repository's own host is used. */
  readonly credentials?: RegistryCredentials;
  /** A push without any progress for so long is given up. */
  readonly silenceTimeoutMs: number;
}

export interface PushEvents {
  /** A few lines a push, however long it takes. */
  line(text: string, level: LineLevel): void | Promise<void>;
}

export interface PushedImage {
  /** `sha256:…` of the manifest, as the registry knows it. */
  readonly digest: string;
  /** Bytes of the manifest. */
  readonly size: number;
}
