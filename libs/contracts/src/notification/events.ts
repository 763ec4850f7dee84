import { z } from 'zod';
import { StatusHost } from '../code-host-token/body.js';
import { Topic } from '../hook/body.js';
import { ActorName, BuildId, Instant, Namespace, UserName } from '../names.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({ type: z.literal(type), data: z.object({ notificationId: z.uuid(), ...data, at: Instant }) });
const attempt = z.int().positive();

/** Who is told. Address and secret are looked up when it is sent. */
export const NotificationTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hook'), namespace: Namespace, hookId: z.uuid() }),
  z.object({ kind: z.literal('mail'), userName: UserName }),
  /** The commit of the build, by the token that the namespace has for its code host. */
  z.object({ kind: z.literal('commit-status'), namespace: Namespace, client: StatusHost }),
]);
export type NotificationTarget = z.infer<typeof NotificationTarget>;

/** What the other side said, as far as it is kept. */
export const TargetAnswer = z.object({ status: z.int().nullable(), body: z.string().nullable() });
export type TargetAnswer = z.infer<typeof TargetAnswer>;

/** One event told to one target, from when it is due until it is told or given up. */
export const NotificationEvent = z.discriminatedUnion('type', [
  event('NotificationDue', {
    target: NotificationTarget,
    topic: Topic,
    buildId: BuildId,
    /** Number of the event in the build's event stream: the build is told as it was then. */
    eventNumber: z.int().nonnegative(),
  }),
  /** One notifier tries; nobody else does until then. */
  event('NotificationAttempted', { attempt, until: Instant }),
  event('NotificationDelivered', { attempt, answer: TargetAnswer }),
  event('NotificationFailed', { attempt, why: z.string(), answer: TargetAnswer, nextAt: Instant }),
  event('NotificationGivenUp', { attempt, why: z.string(), answer: TargetAnswer }),
  /** Somebody wants it to be told once more. */
  event('NotificationReplayed', { by: ActorName }),
]);
export type NotificationEvent = z.infer<typeof NotificationEvent>;
export type NotificationEventOf<T extends NotificationEvent['type']> = Extract<NotificationEvent, { type: T }>;
