import { randomUUID } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Secret } from '@slipway/platform';
import { importBusyboxImage, temporaryDirectory, type TemporaryDirectory } from '@slipway/testing';
import type Docker from 'dockerode';
import type {
  BuildEvents,
  BuildRequest,
  BuildStep,
  BuildStepEnd,
  BuiltImage,
  OutputStream,
  RegistryCredentials,
} from '../builder.js';
import type { StepGuard } from '../../limits/step-guard.js';
import type { CredentialsAsked } from '../buildkit-session.js';
import { dockerBuilder } from '../docker.builder.js';
import { connectEngine } from '../engine.js';

const BASE_IMAGE = { repo: 'slipway-test/busybox', tag: '1' };
/** For FROM: imported once a process, by the first build. */
export const BASE = `${BASE_IMAGE.repo}:${BASE_IMAGE.tag}`;

/** The engine of the test run. @throws when the run has none: these tests are about nothing else */
export function engine(dockerHost = process.env['SLIPWAY_DOCKER_HOST']): Docker {
  if (!dockerHost) throw new Error('SLIPWAY_DOCKER_HOST names no engine');
  return connectEngine(dockerHost);
}

/** `host:port` of the test run's registry. */
export function registryAddress(url = process.env['SLIPWAY_REGISTRY_URL']): string {
  if (!url) throw new Error('SLIPWAY_REGISTRY_URL names no registry');
  return new URL(url).host;
}

/** What opens it. */
export function registryCredentials(url = process.env['SLIPWAY_REGISTRY_URL'] ?? ''): RegistryCredentials {
  const { host, username, password } = new URL(url);
  if (username === '') return new Map();
  return new Map([
    [host, { username: decodeURIComponent(username), password: new Secret(decodeURIComponent(password)) }],
  ]);
}

const directories: TemporaryDirectory[] = [];
const images: (() => Promise<void>)[] = [];

function repositoryOf(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  directories.push(directory);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory.path, name)), { recursive: true });
    writeFileSync(join(directory.path, name), text);
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(directory.path, name));
  return directory.path;
}

/** Removes the repositories and images of all builds so far. */
export async function cleanUp(): Promise<void> {
  for (const directory of directories.splice(0)) directory.remove();
  for (const remove of images.splice(0)) await remove();
}

export interface RecordedEvents {
  readonly steps: BuildStep[];
  readonly ends: BuildStepEnd[];
  readonly lines: [text: string, level: string][];
  readonly sentBytes: number[];
  readonly output: (stream: OutputStream) => string;
}

export interface Recorded {
  readonly image: BuiltImage | undefined;
  readonly failure: unknown;
  readonly events: RecordedEvents;
  readonly tag: string;
  readonly remove: () => Promise<void>;
}

export interface RunBuildOptions {
  readonly docker: Docker;
  readonly kind: 'buildkit' | 'classic';
  readonly files: Readonly<Record<string, string>>;
  /** Symlinks, and what they point to. */
  readonly links?: Readonly<Record<string, string>>;
  readonly request: Partial<BuildRequest>;
  readonly signal?: AbortSignal;
  readonly onOutput?: () => void | Promise<void>;
  readonly onCredentialsAsked?: CredentialsAsked;
  readonly guard?: StepGuard;
  readonly proxyUrl?: string;
}

let base: Promise<unknown> | undefined;

/** One build of a repository made of `files`, with everything that it said. */
export async function runBuild(options: RunBuildOptions): Promise<Recorded> {
  await (base ??= importBusyboxImage(engine(), BASE_IMAGE));
  const { docker, kind, onCredentialsAsked, guard, proxyUrl, signal = new AbortController().signal } = options;
  const builder = await dockerBuilder({
    docker,
    kind,
    guard,
    proxyUrl,
    ...(onCredentialsAsked ? { onCredentialsAsked } : {}),
  });
  const buildId = randomUUID();
  const tag = `slipway-test/${buildId}:built`;
  const request: BuildRequest = {
    buildId,
    repositoryDirectory: repositoryOf(options.files, options.links ?? {}),
    contextPath: '/',
    dockerfileLocation: '/',
    imageTag: tag,
    buildArgs: {},
    labels: {},
    useCache: false,
    limits: { contextMaxBytes: 1e9, contextMaxFiles: 10_000, silenceTimeoutMs: 30_000, buildTimeoutMs: 60_000 },
    ...options.request,
  };
  const { recorded, events } = recorder(options.onOutput);
  const done = { events: recorded, tag, remove: () => builder.remove(tag) };
  return builder.build(request, events, signal).then(
    (image) => {
      images.push(done.remove);
      return { ...done, image, failure: undefined };
    },
    (failure: unknown) => ({ ...done, image: undefined, failure }),
  );
}

function recorder(onOutput: RunBuildOptions['onOutput']): { recorded: RecordedEvents; events: BuildEvents } {
  const written: Record<OutputStream, Buffer[]> = { stdout: [], stderr: [] };
  const recorded: RecordedEvents = {
    steps: [],
    ends: [],
    lines: [],
    sentBytes: [],
    output: (stream) => Buffer.concat(written[stream]).toString(),
  };
  const events: BuildEvents = {
    step: (step) => void recorded.steps.push(step),
    stepDone: (end) => void recorded.ends.push(end),
    line: (text, level) => void recorded.lines.push([text, level]),
    contextSent: (bytes) => void recorded.sentBytes.push(bytes),
    output: (bytes, stream) => {
      written[stream].push(Buffer.from(bytes));
      return onOutput?.();
    },
  };
  return { recorded, events };
}
