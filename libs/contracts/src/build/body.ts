import { z } from 'zod';
import { CommitId, ImageTag, Namespace, RepoName } from '../names.js';

/** Body of `POST /v1/builds`. `tag` names a tag config's `docker_repo_tag`. */
export const RequestBuildBody = z.object({
  namespace: Namespace,
  repo_name: RepoName,
  tag: ImageTag.describe('The `docker_repo_tag` of a tag config.'),
  code_commit_id: z
    .string()
    .toLowerCase()
    .pipe(CommitId)
    .nullish()
    .describe('Another commit than the newest: all 40 or 64 hex digits.'),
});
export type RequestBuildBody = z.infer<typeof RequestBuildBody>;
