import { z } from 'zod';
import { BuildId, CommitId, Instant } from '../names.js';
import { CodeHostName } from '../repository/code-source.js';
import { RefType } from '../repository/tag-config.js';
import { SkipReason } from './skip-reason.js';

export const DeliveryStatus = z.enum(['waiting', 'done']);
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

export const SkippedRefView = z.object({
  ref: z.string().nullable().describe('As git words it: `refs/heads/main`; null: the whole delivery.'),
  why: SkipReason,
  text: z.string(),
});
export type SkippedRefView = z.infer<typeof SkippedRefView>;

/** The answer to a code host, the same however often the delivery comes. */
export const WebhookAnswerView = z.object({
  builds: z.array(BuildId),
  skipped: z.array(SkippedRefView),
  delivery_id: z.string(),
  status: DeliveryStatus.describe('`waiting`: stored, and gone on with by itself; see `waiting_for`.'),
  waiting_for: z.string().nullable(),
});
export type WebhookAnswerView = z.infer<typeof WebhookAnswerView>;

/** What came of comparing the refs of a repository with what was told of them. */
export const ReconcileView = z.object({
  builds: z.array(BuildId).describe('Of pushes that nobody had told of.'),
  skipped: z.array(SkippedRefView),
  delivery_id: z.string().nullable().describe('The delivery that the finding became; null: nothing new was found.'),
  status: DeliveryStatus.describe('`waiting`: stored, and gone on with by itself; see `waiting_for`.'),
  waiting_for: z.string().nullable(),
  is_first: z
    .boolean()
    .describe('The first look, or the first since the build config was set: it only writes down what is there.'),
  checked_at: Instant,
});
export type ReconcileView = z.infer<typeof ReconcileView>;

export const MatchedRefView = z.object({
  ref: z.string(),
  commit: CommitId,
  tag_config_id: z.int().positive(),
  docker_repo_tag: z.string(),
  build_id: BuildId,
});
export type MatchedRefView = z.infer<typeof MatchedRefView>;

/** One delivery of a code host, and what became of it when it was looked at last. */
export const DeliveryView = z.object({
  id: z.string(),
  code_repo_client: CodeHostName,
  event: z.string().describe('In the words of the code host.'),
  digest: z.string().describe('SHA-256 of the body.'),
  refs: z.array(
    z.object({ ref: z.string(), type: RefType.nullable(), commit: CommitId.nullable().describe('Null: deleted.') }),
  ),
  status: DeliveryStatus,
  waiting_for: z.string().nullable(),
  matched: z.array(MatchedRefView),
  skipped: z.array(SkippedRefView),
  builds: z.array(BuildId),
  replays: z.int().nonnegative(),
  received_at: Instant,
  updated_at: Instant,
});
export type DeliveryView = z.infer<typeof DeliveryView>;

/** The answer to a replay. With `dry_run` nothing was stored, and the builds have no ids. */
export const ReplayView = z.object({
  dry_run: z.boolean(),
  builds: z.array(BuildId),
  matched: z.array(MatchedRefView.omit({ build_id: true })),
  skipped: z.array(SkippedRefView),
  status: DeliveryStatus,
  waiting_for: z.string().nullable(),
});
export type ReplayView = z.infer<typeof ReplayView>;

/** The webhook of a build config. */
export const WebhookView = z.object({
  url: z.string().describe('What the code host is to send pushes to.'),
  code: z.string(),
  has_secret: z.boolean().describe('Whether deliveries can be signed.'),
});
export type WebhookView = z.infer<typeof WebhookView>;

/** The one answer that holds the secret. */
export const IssuedWebhookView = z.object({
  ...WebhookView.shape,
  secret: z.string().describe('What the code host is to sign with. Shown now and never again.'),
});
export type IssuedWebhookView = z.infer<typeof IssuedWebhookView>;
