import { z } from 'zod';
import { Namespace, RepoName } from '../names.js';

/** Between services, on `cmd.build.open`: which builds of a repository were requested up to `position` and have not ended. */
export const OpenBuildsRequest = z.object({
  namespace: Namespace,
  repo_name: RepoName,
  /** In `$all`. The answer takes every event up to it into account. */
  position: z.int().nonnegative(),
});
export type OpenBuildsRequest = z.infer<typeof OpenBuildsRequest>;

export const OpenBuildsReply = z.object({ open: z.int().nonnegative() });
export type OpenBuildsReply = z.infer<typeof OpenBuildsReply>;
