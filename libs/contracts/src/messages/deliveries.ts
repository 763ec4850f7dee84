import { z } from 'zod';
import { DeliveryEvent } from '../delivery/events.js';
import { Namespace, RepoName } from '../names.js';
import { WebhookCode } from '../repository/webhook-code.js';

const named = { namespace: Namespace, repo_name: RepoName };

/** On `cmd.repository.issue-webhook`. The asker chooses both, so that the secret stands in no answer of a service. */
export const IssueWebhookCommand = z.object({ ...named, code: WebhookCode, secret: z.string().min(32).max(255) });
export type IssueWebhookCommand = z.infer<typeof IssueWebhookCommand>;

/** On `cmd.delivery.receive`: a request of a code host. Nobody has looked at it yet. */
export const ReceiveDeliveryCommand = z.object({
  code: z.string(),
  /** Those that say what it is and who sends it, by their names in lower case. */
  headers: z.record(z.string(), z.string()),
  /** Every byte as it came, gzipped, in base64. */
  body: z.base64(),
  correlationId: z.string().min(1).max(200),
});
export type ReceiveDeliveryCommand = z.infer<typeof ReceiveDeliveryCommand>;

/** On `cmd.delivery.replay`. */
export const ReplayDeliveryCommand = z.object({
  ...named,
  deliveryId: z.string(),
  code: WebhookCode,
  dryRun: z.boolean(),
});
export type ReplayDeliveryCommand = z.infer<typeof ReplayDeliveryCommand>;

/** All events of the delivery so far; after a dry run those that would be are among them. */
export const DeliveryReply = z.object({
  events: z.array(z.object({ event: DeliveryEvent, position: z.int().nonnegative() })),
  position: z.int().nonnegative(),
});
export type DeliveryReply = z.infer<typeof DeliveryReply>;
