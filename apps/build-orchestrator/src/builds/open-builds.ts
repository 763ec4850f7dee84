import type { OpenBuildsReply, OpenBuildsRequest } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import type { OpenBuilds } from '../relay/open-builds.js';

/** How long the relay may take to read up to a position, ms: less than the asker waits. */
const REACH_LIMIT_MS = 2_500;

/**
 * Which builds of a repository are open, counting every event up to a position. The relay knows it from the event store
 * itself, so no view has to have caught up. @throws SERVICE_UNAVAILABLE while the relay is further behind
 */
export async function openBuildsOf(
  open: OpenBuilds,
  { namespace, repo_name: repoName, position }: OpenBuildsRequest,
): Promise<OpenBuildsReply> {
  if (!(await open.reaches(position, REACH_LIMIT_MS)))
    throw new AppError('SERVICE_UNAVAILABLE', { reason: 'the relay is behind', position });
  return { open: open.all().filter((build) => build.namespace === namespace && build.repoName === repoName).length };
}
