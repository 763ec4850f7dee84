import type { AgentTraits, BuildEventOf, BuildSpec, Failure } from '@slipway/contracts';
import type { BuildCommand } from './commands.js';

export const buildId = '5709f780-e8fb-4b52-aa3b-6256b572fb51';
export const at = '2015-09-02T08:17:42.581Z';
export const commit = '552819d5c903472a36696e8ac620ac250e49829d';
const lease = (holder: number): string => `00000000-0000-4000-8000-00000000000${holder}`;
const image = { imageId: `sha256:${'a'.repeat(64)}`, digest: `sha256:${'b'.repeat(64)}`, size: 1_234 };
const tags = [{ tag: 'latest', moved: true }];
const step = { index: 1, total: 3, name: '[1/3] FROM base', cached: null };
export const failure: Failure = {
  code: 'DOCKERFILE_STEP_FAILED',
  message: 'exit code 2',
  step: '[2/3] RUN make',
  exitCode: 2,
  lastLines: ['make: *** No targets'],
};

export const spec: BuildSpec = {
  namespace: 'alauda',
  repoName: 'test',
  configId: 3,
  tagConfigId: 4,
  client: 'Bitbucket',
  codePath: 'alauda/buildtest',
  cloneUrl: 'https://bitbucket.org/alauda/buildtest.git',
  urls: {
    page: 'https://bitbucket.org/alauda/buildtest',
    ref: 'https://bitbucket.org/alauda/buildtest/branch/master',
    commitPrefix: 'https://bitbucket.org/alauda/buildtest/commits/',
  },
  refType: 'branch',
  refName: 'master',
  commit: null,
  dockerRepoTag: 'latest',
  versionTagging: 1,
  buildContextPath: '/',
  dockerfileLocation: '/',
  cacheEnabled: true,
  buildNode: 'in',
  emailEnabled: false,
  requestedBy: 'alaudatest',
  trigger: { kind: 'api' },
};

// What happened.
export const requested = (asked: Partial<BuildSpec> = {}): BuildEventOf<'BuildRequested'> => ({
  type: 'BuildRequested',
  data: { buildId, spec: { ...spec, ...asked }, at },
});
export const leased = (attempt: number): BuildEventOf<'AttemptLeased'> => ({
  type: 'AttemptLeased',
  data: { buildId, attempt, agentId: `agent-${attempt}`, leaseId: lease(attempt), at },
});
export const lost = (attempt: number): BuildEventOf<'AttemptLost'> => ({
  type: 'AttemptLost',
  data: { buildId, attempt, why: 'the lease ran out', at },
});
/** Its agent could not help it. */
export const engineGone: Failure = {
  code: 'ENGINE_UNAVAILABLE',
  message: 'no answer',
  step: null,
  exitCode: null,
  lastLines: [],
};
export const givenBack = (attempt: number): BuildEventOf<'AttemptLost'> => ({
  type: 'AttemptLost',
  data: { buildId, attempt, why: 'ENGINE_UNAVAILABLE: no answer', failure: engineGone, at },
});
export const resolved = (attempt: number): BuildEventOf<'SourceResolved'> => ({
  type: 'SourceResolved',
  data: { buildId, attempt, commit, at },
});
export const advanced = (attempt: number, stepAt = 26): BuildEventOf<'StepAdvanced'> => ({
  type: 'StepAdvanced',
  data: { buildId, attempt, stepAt, phase: 'building', step, at },
});
export const pushed = (attempt: number): BuildEventOf<'ImagePushed'> => ({
  type: 'ImagePushed',
  data: { buildId, attempt, ...image, at },
});
export const tagged = (attempt: number): BuildEventOf<'TagsMoved'> => ({
  type: 'TagsMoved',
  data: { buildId, attempt, tags, at },
});
export const succeeded = (attempt: number): BuildEventOf<'BuildSucceeded'> => ({
  type: 'BuildSucceeded',
  data: { buildId, attempt, ...image, tags, logLines: 12, logBytes: 340, at },
});
export const failed = (attempt: number, why: Failure = failure): BuildEventOf<'BuildFailed'> => ({
  type: 'BuildFailed',
  data: { buildId, attempt, failure: why, logLines: 12, logBytes: 340, at },
});
export const cancelRequested = (): BuildEventOf<'CancelRequested'> => ({
  type: 'CancelRequested',
  data: { buildId, by: 'alice', at },
});
export const cancelled = (attempt: number): BuildEventOf<'BuildCancelled'> => ({
  type: 'BuildCancelled',
  data: { buildId, attempt, by: 'alice', logLines: 12, logBytes: 340, at },
});
export const removed = (by = 'alice'): BuildEventOf<'BuildRemoved'> => ({
  type: 'BuildRemoved',
  data: { buildId, by, at },
});

// What is asked; `holder` is the attempt whose lease speaks.
export const requestBuild = (): BuildCommand => ({ type: 'RequestBuild', data: { buildId, spec, at } });
export const claim = (holder: number, attemptsBefore = holder - 1, traits?: AgentTraits): BuildCommand => ({
  type: 'ClaimAttempt',
  data: {
    buildId,
    agentId: `agent-${holder}`,
    leaseId: lease(holder),
    attemptsBefore,
    traits,
    logLines: 12,
    logBytes: 340,
    at,
  },
});
export const refuseBuild = (): BuildCommand => ({
  type: 'RefuseBuild',
  data: { buildId, failure, logLines: 12, logBytes: 340, at },
});
export const recordSource = (holder: number): BuildCommand => ({
  type: 'RecordSource',
  data: { buildId, leaseId: lease(holder), commit, at },
});
export const recordStep = (holder: number, stepAt = 26): BuildCommand => ({
  type: 'RecordStep',
  data: { buildId, leaseId: lease(holder), stepAt, phase: 'building', step, at },
});
export const recordPush = (holder: number): BuildCommand => ({
  type: 'RecordPush',
  data: { buildId, leaseId: lease(holder), commit, ...image, at },
});
export const recordTags = (holder: number): BuildCommand => ({
  type: 'RecordTags',
  data: { buildId, leaseId: lease(holder), tags, at },
});
export const recordSuccess = (holder: number): BuildCommand => ({
  type: 'RecordSuccess',
  data: { buildId, leaseId: lease(holder), logLines: 12, logBytes: 340, at },
});
export const recordFailure = (holder: number, why: Failure = failure): BuildCommand => ({
  type: 'RecordFailure',
  data: { buildId, leaseId: lease(holder), failure: why, logLines: 12, logBytes: 340, at },
});
export const recordCancelled = (holder: number): BuildCommand => ({
  type: 'RecordCancelled',
  data: { buildId, leaseId: lease(holder), logLines: 12, logBytes: 340, at },
});
const end = (by: string, wasOpen: boolean): BuildCommand => ({
  type: 'EndBuild',
  data: { buildId, by, wasOpen, logLines: 12, logBytes: 340, at },
});
export const cancel = (by = 'alice'): BuildCommand => end(by, true);
export const remove = (by = 'alice'): BuildCommand => end(by, false);
