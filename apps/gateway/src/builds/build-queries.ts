import { BuildStatus, CommitId, ImageTag, Namespace, RepoName } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import type { BuildFilter, BuildScope } from '@slipway/read-model';
import { z } from 'zod';
import { PageCursor, PageNumber } from '../http/paging.js';
import type { AsOf } from './build-history.js';

/** ISO 8601 with seconds and `Z` or an offset; comes out as records print it. */
const Time = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString());

/** Query of `GET /v1/builds`. */
export const ListQuery = z.object({
  namespace: Namespace.optional(),
  repo_name: RepoName.optional(),
  status: BuildStatus.optional(),
  tag: ImageTag.optional(),
  created_from: Time.optional(),
  created_to: Time.optional(),
  code_head_commit: z.string().toLowerCase().pipe(CommitId).optional(),
  page: PageNumber,
  after: PageCursor,
  before: PageCursor,
});
export type ListQuery = z.infer<typeof ListQuery>;

/** Without a namespace: what the caller asked to be built; with the name of a repository alone: it is the caller's. */
export function scopeOf({ namespace, repo_name }: ListQuery, caller: Caller): BuildScope {
  if (namespace === undefined && repo_name === undefined) return { createdBy: caller.name };
  return { namespace: namespace ?? caller.name, repoName: repo_name };
}

export const filterOf = (query: ListQuery): BuildFilter => ({
  status: query.status,
  tag: query.tag,
  createdFrom: query.created_from,
  createdTo: query.created_to,
  commit: query.code_head_commit,
});

const EventNumber = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform((digits): AsOf => ({ number: Number(digits) }));
const Moment = Time.transform((at): AsOf => ({ at }));

/** Query of `GET /v1/builds/{build_id}`. */
export const ShowQuery = z.object({
  as_of: z
    .union([EventNumber, Moment], { error: 'must be the number of an event, or an ISO 8601 time' })
    .optional()
    .describe('As it was just after this event of its own, or at this time.'),
});
export type ShowQuery = z.infer<typeof ShowQuery>;
