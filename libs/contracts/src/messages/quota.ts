import { z } from 'zod';
import { Instant, Namespace } from '../names.js';

const shape = {
  limit: z.int().positive().nullable().describe('null: none.'),
  is_overridden: z.boolean().describe('An administrator of the system has set it for this namespace.'),
};
const now = (what: string) => z.object({ ...shape, used: z.int().nonnegative().describe('Now.') }).describe(what);
const monthly = (what: string) =>
  z
    .object({
      ...shape,
      used: z.int().nonnegative().describe('This calendar month (UTC).'),
      resets_at: Instant.describe('When the next month begins, and nothing of it is used.'),
    })
    .describe(what);

/**
 * On `query.namespace.quota`: asks an orchestrator what a namespace may have, and has. `position`: of an event that the
 * answer has to regard.
 */
export const QuotaQuery = z.object({ namespace: Namespace, position: z.int().nonnegative().optional() });
export type QuotaQuery = z.infer<typeof QuotaQuery>;

/** Its answer, and that of `GET /v1/namespaces/{namespace}/quota`. */
export const QuotaView = z.object({
  namespace: Namespace,
  queued_builds: now('Builds that wait. A request for one more is refused with 429.'),
  running_builds: now('Builds that run. One more waits until another ends.'),
  build_minutes: monthly(
    'Full minutes that builds ran, all attempts together. Used up, requests are refused with 429; what was accepted runs.',
  ),
  log_bytes: monthly(
    'Bytes that the logs of ended builds take. Used up, requests are refused with 429; no log is cut for it.',
  ),
});
export type QuotaView = z.infer<typeof QuotaView>;
