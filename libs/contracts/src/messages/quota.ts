import { z } from 'zod';
import { Namespace } from '../names.js';

const quota = (what: string) =>
  z
    .object({
      limit: z.int().positive().nullable().describe('null: none.'),
      used: z.int().nonnegative().describe('Now.'),
    })
    .describe(what);

/** On `query.namespace.quota`: asks an orchestrator what a namespace may have, and has. */
export const QuotaQuery = z.object({ namespace: Namespace });
export type QuotaQuery = z.infer<typeof QuotaQuery>;

/** Its answer, and that of `GET /v1/namespaces/{namespace}/quota`. */
export const QuotaView = z.object({
  namespace: Namespace,
  queued_builds: quota('Builds that wait. A request for one more is refused with 429.'),
  running_builds: quota('Builds that run. One more waits until another ends.'),
});
export type QuotaView = z.infer<typeof QuotaView>;
