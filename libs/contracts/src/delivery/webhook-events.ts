import { z } from 'zod';
import { Instant, Namespace, RepoName } from '../names.js';
import { WebhookCode } from '../repository/webhook-code.js';

/**
 * Whose a code is, in an event stream of the code alone. It comes before the code is issued, so one that is not issued
 * after all leads to a build config that knows nothing of it.
 */
export const WebhookReserved = z.object({
  type: z.literal('WebhookReserved'),
  data: z.object({
    code: WebhookCode,
    namespace: Namespace,
    repoName: RepoName,
    at: Instant,
  }),
});
export type WebhookReserved = z.infer<typeof WebhookReserved>;
