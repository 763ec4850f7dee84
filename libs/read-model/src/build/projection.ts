import { STEP_AT, type BuildEvent, type BuildEventOf, type StepView } from '@slipway/contracts';
import type { Projection } from '../views/view.js';
import type { BuildRow } from './table.js';

/** One row a build. What an attempt made stays when it is lost, but for its phases and steps: the next one goes through them anew. */
export const buildProjection: Projection<BuildRow, BuildEvent> = {
  keyOf: ({ event }) => event.data.buildId,

  evolve: (row, { event, position }) => {
    if (event.type === 'BuildRequested') return row ?? requested(event.data, position);
    return row && { ...row, ...progress(row, event), ...described(event) };
  },
};

function requested({ buildId, spec, at }: Data<'BuildRequested'>, position: number): BuildRow {
  return {
    build_id: buildId,
    position,
    namespace: spec.namespace,
    repo_name: spec.repoName,
    config_id: spec.configId,
    created_by: spec.requestedBy,
    created_at: at,
    started_at: null,
    ended_at: null,
    status: 'W',
    state: 'queued',
    step_at: STEP_AT.queued,
    attempt: 0,
    agent: null,
    detail: 'build request was created.\n',
    code_head_commit: spec.commit,
    code_repo_client: spec.client,
    code_repo_path: spec.codePath,
    code_repo_type: spec.refType,
    code_repo_type_value: spec.refName,
    code_repo_http_url: spec.urls.page,
    code_commit_url_prefix: spec.urls.commitPrefix,
    code_repo_branch_url: spec.urls.ref,
    docker_repo_tag: spec.dockerRepoTag,
    version_tagging: spec.versionTagging,
    dockerfile_location: spec.dockerfileLocation,
    build_context_path: spec.buildContextPath,
    build_cache_enabled: spec.cacheEnabled,
    build_node: spec.buildNode,
    auto_created: spec.trigger.kind === 'webhook',
    image_id: null,
    digest: null,
    size: null,
    tags: [],
    failure: null,
    steps: [],
    phases: {},
    log_lines: null,
    removed_at: null,
  };
}

type Data<T extends BuildEvent['type']> = BuildEventOf<T>['data'];
type Later = Exclude<BuildEvent, { type: 'BuildRequested' }>;

/** The columns an event changes. `step_at` only grows. */
function progress(row: BuildRow, { type, data }: Later): Partial<BuildRow> {
  switch (type) {
    case 'AttemptLeased':
      return leased(row, data);
    case 'AttemptLost':
      // The build goes on as soon as somebody else takes it: in progress, without an agent.
      return { state: 'starting', agent: null };
    case 'SourceResolved':
      return { code_head_commit: data.commit, step_at: Math.max(row.step_at, STEP_AT.cloned) };
    case 'StepAdvanced':
      return stepAdvanced(row, data);
    case 'ImagePushed':
      return imageOf(data);
    case 'TagsMoved':
      return { tags: data.tags };
    case 'BuildSucceeded':
      return succeeded(data);
    case 'BuildFailed':
      return failed(row, data);
    case 'CancelRequested':
      return { state: 'cancelling' };
    case 'BuildCancelled':
      return { status: 'D', state: 'cancelled', ...ended(row, data) };
    case 'BuildRemoved':
      // Its state says how it had ended.
      return { status: 'D', removed_at: data.at };
  }
}

function leased(row: BuildRow, { attempt, agentId, at }: Data<'AttemptLeased'>): Partial<BuildRow> {
  return {
    status: 'I',
    state: 'starting',
    attempt,
    agent: agentId,
    started_at: row.started_at ?? at,
    step_at: Math.max(row.step_at, STEP_AT.leased),
    phases: { starting: at },
    steps: [],
  };
}

function stepAdvanced(row: BuildRow, { stepAt, phase, step, at }: Data<'StepAdvanced'>): Partial<BuildRow> {
  return {
    state: phase,
    step_at: Math.max(row.step_at, stepAt),
    phases: { ...row.phases, [phase]: row.phases[phase] ?? at },
    steps: step ? withStep(row.steps, step, at) : row.steps,
  };
}

/** BuildKit's name holds stage and number, so it names the step. Its `cached` is known when it has ended. */
function withStep(
  steps: readonly StepView[],
  step: NonNullable<Data<'StepAdvanced'>['step']>,
  at: string,
): readonly StepView[] {
  const known = steps.find(({ name }) => name === step.name);
  const ended_at = step.cached === null ? null : at;
  if (!known) return [...steps, { ...step, started_at: at, ended_at }];
  return steps.map((other) => (other === known ? { ...known, ...step, ended_at: known.ended_at ?? ended_at } : other));
}

const imageOf = ({ imageId, digest, size }: Data<'ImagePushed' | 'BuildSucceeded'>): Partial<BuildRow> => ({
  image_id: imageId,
  digest,
  size,
});

/** Superseded: newer builds have every tag it was made for. */
function succeeded(data: Data<'BuildSucceeded'>): Partial<BuildRow> {
  const { tags, logLines, at } = data;
  return {
    ...imageOf(data),
    status: 'S',
    state: tags.length > 0 && tags.every(({ moved }) => !moved) ? 'superseded' : 'succeeded',
    step_at: STEP_AT.done,
    tags,
    ended_at: at,
    log_lines: logLines,
  };
}

function failed(row: BuildRow, data: Data<'BuildFailed'>): Partial<BuildRow> {
  const { failure } = data;
  const { code, message, step, exitCode, lastLines } = failure;
  return {
    status: 'F',
    state: 'failed',
    failure: { code, message, step, exit_code: exitCode, last_lines: lastLines },
    ...ended(row, data),
  };
}

/** Without an image. */
function ended(row: BuildRow, { logLines, at }: Data<'BuildFailed' | 'BuildCancelled'>): Partial<BuildRow> {
  return {
    steps: row.steps.map((other) => (other.ended_at === null ? { ...other, ended_at: at } : other)),
    ended_at: at,
    log_lines: logLines,
  };
}

const described = (event: Later): Pick<BuildRow, 'detail'> => ({ detail: `${sentence(event)}\n` });

function sentence({ type, data }: Later): string {
  switch (type) {
    case 'AttemptLeased':
      return `attempt ${data.attempt} was taken by agent ${data.agentId}.`;
    case 'AttemptLost':
      return `attempt ${data.attempt} was lost: ${data.why}.`;
    case 'SourceResolved':
      return `commit ${data.commit} was fetched.`;
    case 'StepAdvanced':
      return data.step?.name ?? `${data.phase}.`;
    case 'ImagePushed':
      return `image ${data.digest} was pushed.`;
    case 'TagsMoved':
      return `tags were published: ${movedTags(data.tags)}.`;
    case 'BuildSucceeded':
      return 'build succeeded.';
    case 'BuildFailed':
      return `build failed: ${data.failure.message}`;
    case 'CancelRequested':
      return `${data.by} asked to cancel the build.`;
    case 'BuildCancelled':
      return `build was cancelled by ${data.by}.`;
    case 'BuildRemoved':
      return `build was removed by ${data.by}.`;
  }
}

function movedTags(tags: Data<'TagsMoved'>['tags']): string {
  const moved = tags.filter((tag) => tag.moved).map(({ tag }) => tag);
  return moved.length > 0 ? moved.join(', ') : 'none, newer builds have them';
}
