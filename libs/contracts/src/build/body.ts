import { z } from 'zod';
import { CommitId, ImageTagTemplate, Namespace, RepoName } from '../names.js';
import { RefName } from '../repository/body.js';
import { DEFAULT_PRIORITY, Priority } from './priority.js';

/** Body of `POST /v1/builds`. `tag` names a tag config's `docker_repo_tag`. */
export const RequestBuildBody = z.object({
  namespace: Namespace,
  repo_name: RepoName,
  tag: ImageTagTemplate.describe('The `docker_repo_tag` of a tag config, or an image tag that one makes.'),
  code_repo_type_value: RefName.nullish().describe('Name of the branch or tag, where the tag config has a pattern.'),
  code_commit_id: z
    .string()
    .toLowerCase()
    .pipe(CommitId)
    .nullish()
    .describe('Another commit than the newest: all 40 or 64 hex digits.'),
  priority: Priority.optional().describe(
    `9 first, 0 last, among the waiting builds of its namespace; absent: ${DEFAULT_PRIORITY}.`,
  ),
});
export type RequestBuildBody = z.infer<typeof RequestBuildBody>;
