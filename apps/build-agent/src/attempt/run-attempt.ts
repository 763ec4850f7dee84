import { lstat, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  FAILURES,
  ownTags,
  STEP_AT,
  type BuildSpec,
  type Digest,
  type Failure,
  type ReportOf,
  type TagResult,
} from '@slipway/contracts';
import type { Egress } from '@slipway/egress';
import { annotate, type SpanAttributes } from '@slipway/platform';
import type { Builder, BuildLimits, RegistryCredentials } from '../builder/builder.js';
import type { Belongings } from '../collect/belongings.js';
import type { AttemptLog } from '../log/index.js';
import type { SecretMask } from '../mask/secret-mask.js';
import type { ReportLane } from '../reports/report-lane.js';
import type { Source, SourceRequest } from '../source/source.js';
import type { GivenSecrets } from '../secrets/ask-build-secrets.js';
import { pullLogin } from '../secrets/pull-login.js';
import { registryLogins } from '../secrets/registry-logins.js';
import { inPhase } from './phase.js';
import { publicUrl } from './public-url.js';
import { shownFailure } from './failure.js';
import { StepTracker } from './step-tracker.js';

export interface Attempt {
  readonly buildId: string;
  /** From 1. */
  readonly attempt: number;
  readonly requestedAt: string;
  readonly spec: BuildSpec;
}

export interface AttemptTools {
  readonly source: Source;
  readonly builder: Builder;
  readonly log: AttemptLog;
  /** What the log masks, and what else is told of the attempt. */
  readonly mask: SecretMask;
  readonly reports: ReportLane;
  /** Where workspaces are made; each is gone when its attempt ends. */
  readonly workspaceRoot: string;
  /** Names what the attempt makes, so that nobody collects it meanwhile. */
  readonly belongings: Belongings;
  /** As image names write it: `registry.example:5000`. */
  readonly registryHost: string;
  readonly credentials: RegistryCredentials;
  readonly limits: BuildLimits & { readonly pushSilenceTimeoutMs: number };
  /** Asks for what opens the source over ssh. */
  readonly deployKey: NonNullable<SourceRequest['deployKey']>;
  /** Asks for what the build may use and nobody may see. */
  readonly askSecrets: (signal: AbortSignal) => Promise<GivenSecrets>;
  /** To registries that a namespace has credentials for. */
  readonly egress: Egress;
  /** Asks the orchestrator to move the public tags. Checks the lease first. */
  readonly publish: (image: {
    commit: string;
    imageId: Digest;
    digest: Digest;
    size: number;
  }) => Promise<readonly TagResult[]>;
  /** Before anything that others can see. @throws LeaseEnded, CancelAsked */
  readonly assertWanted: () => void;
}

export type Outcome = ReportOf<'ended'>['outcome'];

/**
 * One attempt at a build: fetch the source, build, push, publish. A failure is an answer; what is thrown is the reason of
 * `signal`, or a bug. Nothing of it runs afterwards, workspace and local image are gone, whatever happened.
 */
export async function runAttempt(attempt: Attempt, tools: AttemptTools, signal: AbortSignal): Promise<Outcome> {
  const { log, builder } = tools;
  using directory = tools.belongings.workspace();
  using image = tools.belongings.image(attempt.buildId);
  const workspace = join(tools.workspaceRoot, directory.name);
  await mkdir(workspace, { recursive: true, mode: 0o700 });
  const steps = new StepTracker(log, tools.reports, tools.mask);
  const about = aboutAttempt(attempt);
  try {
    await log.line('starting to build');
    const source = await inPhase('cloning', about, () => fetchSource(attempt, tools, workspace, signal));
    const name = image.name;
    const built = await inPhase('building', about, () =>
      buildImage(attempt, tools, { ...source, name, steps }, signal),
    );
    const noLongerNeeded = rm(workspace, { recursive: true, force: true }).catch(() => undefined); // the last lines look again
    await inPhase('pushing', about, () => pushImage(attempt, tools, { ...built, name, commit: source.commit }, signal));
    await noLongerNeeded;
    await log.line('build finished successfully');
    return { status: 'succeeded' };
  } catch (error) {
    signal.throwIfAborted(); // somebody newer has the build, or nobody wants it: not our failure
    await steps.end();
    const failure = shownFailure(error, steps, tools.mask);
    if (!failure) throw error;
    await sayFailure(log, failure);
    return { status: 'failed', failure };
  } finally {
    await builder.remove(image.name).catch(() => undefined);
    await rm(workspace, { recursive: true, force: true });
  }
}

async function fetchSource(
  { spec }: Attempt,
  { log, reports, source, deployKey }: AttemptTools,
  workspace: string,
  signal: AbortSignal,
) {
  reports.send({ type: 'step-advanced', stepAt: STEP_AT.cloning, phase: 'cloning', step: null });
  annotate({ 'slipway.clone_url': publicUrl(spec.cloneUrl) });
  await log.line(`cloning code source from repo ${spec.codePath} on ${spec.refType}:${spec.refName}`);
  const { commit, directory } = await source.fetch(
    {
      cloneUrl: spec.cloneUrl,
      keyCloneUrl: spec.keyCloneUrl,
      deployKey,
      ref: { type: spec.refType, name: spec.refName },
      commit: spec.commit ?? undefined,
    },
    { workspace, signal, onLine: (line) => log.line(line) },
  );
  annotate({ 'slipway.commit': commit });
  reports.send({ type: 'source-resolved', commit });
  reports.send({ type: 'step-advanced', stepAt: STEP_AT.cloned, phase: 'cloning', step: null });
  return { commit, directory };
}

async function buildImage(
  attempt: Attempt,
  tools: AttemptTools,
  { commit, directory, name, steps }: { commit: string; directory: string; name: string; steps: StepTracker },
  signal: AbortSignal,
) {
  const { buildId, spec, requestedAt } = attempt;
  const { log, reports, builder, limits } = tools;
  const { secrets, credentials } = await secretsFor(attempt, tools, signal);
  reports.send({ type: 'step-advanced', stepAt: STEP_AT.buildingFrom, phase: 'building', step: null });
  const context = resolve(join(directory, spec.buildContextPath));
  await log.line(`Dockerfile path: ${await dockerfileAt(directory, spec)}. Build context path: ${context}`);
  const { networkPolicy = 'full' } = spec;
  if (networkPolicy !== 'full') await log.line(SAID_OF_NETWORK[networkPolicy]);
  const source = spec.urls.page ?? withoutCredentials(spec.cloneUrl);
  return builder.build(
    {
      buildId,
      repositoryDirectory: directory,
      contextPath: spec.buildContextPath,
      dockerfileLocation: spec.dockerfileLocation,
      imageTag: name,
      buildArgs: {},
      labels: {
        'org.opencontainers.image.source': source,
        'org.opencontainers.image.revision': commit,
        'org.opencontainers.image.created': requestedAt,
        'org.opencontainers.image.title': `${spec.namespace}/${spec.repoName}`,
      },
      useCache: spec.cacheEnabled,
      networkPolicy,
      limits,
      credentials,
      secrets,
    },
    steps,
    signal,
  );
}

const SAID_OF_NETWORK = {
  none: 'Network policy: none. Steps reach no network.',
  proxy: 'Network policy: proxy. Steps reach the network through HTTP_PROXY and HTTPS_PROXY alone.',
} as const;

/** Masked from here on, whatever becomes of them. */
async function secretsFor({ spec }: Attempt, tools: AttemptTools, signal: AbortSignal) {
  const { askSecrets, credentials, egress, log, mask, limits } = tools;
  const { secrets, registries } = await askSecrets(signal);
  const untilMs = Date.now() + limits.buildTimeoutMs + SLACK_MS;
  const system = new Map([...credentials].map(([host, login]) => [host, pullLogin(login, spec.namespace, untilMs)]));
  mask.add([...secrets.values()].map((secret) => secret.reveal()));
  mask.add([...registries.values(), ...system.values()].map(({ password }) => password.reveal()));
  const logins = await registryLogins({ system, registries, egress }, (host) =>
    log.line(`${host} has a private address: its credentials are not used`, 'WARNING'),
  );
  return { secrets, credentials: logins };
}

/** Clocks of machines differ, ms. */
const SLACK_MS = 5 * 60_000;

/** A location may name the folder or the file; for the log only, so what is not there is named as it was asked for. */
async function dockerfileAt(directory: string, { dockerfileLocation }: BuildSpec): Promise<string> {
  const path = resolve(join(directory, dockerfileLocation));
  const isFolder = await lstat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  return isFolder ? join(path, 'Dockerfile') : path;
}

async function pushImage(
  attempt: Attempt,
  tools: AttemptTools,
  { name, ...image }: { name: string; commit: string; imageId: string; size: number },
  signal: AbortSignal,
): Promise<void> {
  const { buildId } = attempt;
  const { log, reports, builder, limits, credentials } = tools;
  const repository = repositoryOf(attempt, tools);
  tools.assertWanted();
  reports.send({ type: 'step-advanced', stepAt: STEP_AT.pushingFrom, phase: 'pushing', step: null });
  await log.line(`pushing ${repository}`);
  const pushed = await builder.push(
    {
      buildId,
      image: name,
      repository,
      tag: ownTags.ofAttempt(buildId, attempt.attempt),
      credentials,
      silenceTimeoutMs: limits.pushSilenceTimeoutMs,
    },
    { line: (text, level) => log.line(text, level) },
    signal,
  );
  annotate({ 'slipway.image_digest': pushed.digest });
  const [tags] = await Promise.all([
    tools.publish({ ...image, digest: pushed.digest }),
    builder.remove(name).catch(() => undefined), // the registry has it
  ]);
  for (const { tag, moved } of tags) {
    if (moved) await log.line(`${repository}:${tag} digest: ${pushed.digest}`);
    else await log.line(`${repository}:${tag} belongs to a newer build: superseded`, 'WARNING');
  }
  reports.send({ type: 'step-advanced', stepAt: STEP_AT.pushingTo, phase: 'pushing', step: null });
}

/** Whether the build ends with it is not for the agent to say: others may try what one could not help. */
export async function sayFailure(log: AttemptLog, { code, message }: Failure): Promise<void> {
  const what = FAILURES[code].infrastructure ? 'attempt' : 'build';
  await log.line(`${what} failed: ${message} (${code})`, 'ERROR');
}

const repositoryOf = ({ spec }: Attempt, { registryHost }: AttemptTools): string =>
  `${registryHost}/${spec.namespace}/${spec.repoName}`;

/** What the spans of its phases say. */
const aboutAttempt = ({ buildId, attempt, spec }: Attempt): SpanAttributes => ({
  'slipway.build_id': buildId,
  'slipway.attempt': attempt,
  'slipway.repository': `${spec.namespace}/${spec.repoName}`,
});

/** A clone URL may carry a password; an image's label must not. */
const withoutCredentials = (url: string): string => url.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
