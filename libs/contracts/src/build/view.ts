import { z } from 'zod';
import { BuildId, Instant } from '../names.js';
import { CodeHostName } from '../repository/code-source.js';
import { RefType } from '../repository/tag-config.js';
import { FailureCode } from './failure.js';
import { BuildQueueView } from './queue.js';

/** W waiting, I in progress, S success, F failed, D ended without a result. */
export const BuildStatus = z.enum(['W', 'I', 'S', 'F', 'D']);
export type BuildStatus = z.infer<typeof BuildStatus>;

export const BuildState = z.enum([
  'queued',
  'starting',
  'cloning',
  'building',
  'pushing',
  'succeeded',
  'failed',
  'cancelling',
  'cancelled',
  'superseded',
]);
export type BuildState = z.infer<typeof BuildState>;

/** Fields that lists and single answers share. */
const common = {
  build_id: BuildId,
  created_at: Instant,
  started_at: Instant.nullable().describe('When an agent took it.'),
  ended_at: Instant.nullable(),
  code_head_commit: z
    .string()
    .nullable()
    .describe('Null until the branch or tag is resolved, unless a commit was asked for.'),
  code_repo_client: CodeHostName,
  code_repo_path: z.string().describe('Where the code is on its host; the clone URL for `Simple`.'),
  code_repo_type: RefType,
  code_repo_type_value: z.string().describe('Name of the branch or tag.'),
  created_by: z.string(),
  image_id: z.string().nullable().describe('First 12 hex digits.'),
  docker_repo_path: z.string().describe('`namespace/repo_name`.'),
  docker_repo_tag: z.string(),
  docker_repo_version_tag: z.string().nullable().describe('The extra tag of `version_tagging` 1 or 2.'),
  dockerfile_location: z.string(),
  status: BuildStatus.describe('W waiting, I in progress, S success, F failed, D ended without a result.'),
  state: BuildState.describe('Finer than `status`.'),
  auto_created: z.boolean().describe('By a push, not by a request.'),
  build_cache_enabled: z.boolean(),
  code_repo_http_url: z.string().nullable(),
  code_commit_http_url: z.string().nullable(),
  code_repo_branch_url: z.string().nullable(),
};

/** A row of `GET /v1/builds`. `detail` is the last line of what happened. */
export const BuildListItem = z.object({ ...common, detail: z.string() });
export type BuildListItem = z.infer<typeof BuildListItem>;

export const StepView = z.object({
  index: z.int(),
  total: z.int(),
  name: z.string(),
  cached: z.boolean().nullable(),
  started_at: Instant,
  ended_at: Instant.nullable(),
});
export type StepView = z.infer<typeof StepView>;

/** One build. From `attempt` on: more than the original API printed. */
export const BuildView = z.object({
  ...common,
  step_at: z
    .int()
    .min(1)
    .max(50)
    .describe('1 to 50, only ever growing; `GET /v1/build-steps` says what the numbers mean.'),
  build_node: z.string().describe('Region whose agents run it.'),
  build_context_path: z.string(),
  is_removable: z.boolean().describe('It waits, or it has ended without success.'),
  attempt: z.int().nonnegative().describe('How many agents have taken it.'),
  agent: z.string().nullable().describe('The agent of the last attempt.'),
  digest: z.string().nullable().describe('Of the manifest in the registry.'),
  size: z.int().nullable().describe('Bytes.'),
  tags: z.array(z.object({ tag: z.string(), moved: z.boolean() })),
  failure: z
    .object({
      code: FailureCode,
      message: z.string(),
      step: z.string().nullable(),
      exit_code: z.int().nullable(),
      last_lines: z.array(z.string()),
    })
    .nullable(),
  steps: z.array(StepView),
  /** When each phase of the last attempt began; absent: not reached. */
  phases: z.object({
    starting: Instant.optional(),
    cloning: Instant.optional(),
    building: Instant.optional(),
    pushing: Instant.optional(),
  }),
  log_lines: z.int().nonnegative().nullable().describe('Of the whole log; null until it is complete.'),
  removed_at: Instant.nullable().describe('When it left the lists; null: it is in them.'),
});
export type BuildView = z.infer<typeof BuildView>;

/** Answer of `GET /v1/builds/{id}`. */
export const ShownBuildView = BuildView.extend({
  queue: BuildQueueView.nullable().describe(
    'Where it stands while it waits for an agent. Null: it does not wait, `as_of` is asked for, or nobody could say.',
  ),
});
export type ShownBuildView = z.infer<typeof ShownBuildView>;
