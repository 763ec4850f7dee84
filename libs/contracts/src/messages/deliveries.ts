import { z } from 'zod';
import { DeliveryEvent } from '../delivery/events.js';
import { Instant, Namespace, RepoName } from '../names.js';
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

/** On `cmd.repository.reconcile`: compare the refs of a repository with what was told of them, now. */
export const ReconcileCommand = z.object(named);
export type ReconcileCommand = z.infer<typeof ReconcileCommand>;

/** What a look found. The events are those of the delivery that it became; none: there was nothing new. */
export const ReconcileReply = z.object({
  ...DeliveryReply.shape,
  checkedAt: Instant,
  /** It only wrote down what is there, as the first look does after a build config was set. */
  isFirst: z.boolean(),
});
export type ReconcileReply = z.infer<typeof ReconcileReply>;
