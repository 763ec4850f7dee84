import { z } from 'zod';
import { ActorName, BuildId, Instant } from '../names.js';
import { Topic } from './body.js';

export const HookView = z.object({
  id: z.uuid(),
  url: z.string(),
  events: z.array(Topic),
  is_active: z.boolean(),
  created_by: ActorName,
  created_at: Instant,
  updated_at: Instant,
});
export type HookView = z.infer<typeof HookView>;

/** The one answer that holds the secret. */
export const AddedHookView = z.object({
  ...HookView.shape,
  secret: z.string().describe('Key of `X-Slipway-Signature-256`. Shown now and never again.'),
});
export type AddedHookView = z.infer<typeof AddedHookView>;

export const HookDeliveryStatus = z.enum(['pending', 'delivered', 'given_up']);
export type HookDeliveryStatus = z.infer<typeof HookDeliveryStatus>;

/** What became of telling one hook of one event. */
export const HookDeliveryView = z.object({
  id: z.uuid().describe('Also the `id` of the request, in every try and replay.'),
  event: Topic,
  build_id: BuildId,
  status: HookDeliveryStatus,
  attempts: z.int().nonnegative(),
  response_status: z.int().nullable().describe('HTTP status of the last answer.'),
  response_body: z.string().nullable().describe('Its first KiB.'),
  failure: z.string().nullable().describe('Why the last try failed.'),
  next_attempt_at: Instant.nullable(),
  created_at: Instant,
  updated_at: Instant,
});
export type HookDeliveryView = z.infer<typeof HookDeliveryView>;
