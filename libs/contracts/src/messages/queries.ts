import { z } from 'zod';
import { BuildId, Instant } from '../names.js';

/** On `query.build.events`: the events of one build, in pages. `from`: number of the first one wanted. */
export const BuildEventsQuery = z.object({ buildId: BuildId, from: z.int().nonnegative() });
export type BuildEventsQuery = z.infer<typeof BuildEventsQuery>;

/** An event with everything that is kept beside it. */
export const RecordedEvent = z.object({
  /** Place in its event stream, from 0. */
  number: z.int().nonnegative(),
  /** Place among all events. */
  position: z.int().nonnegative(),
  at: Instant,
  actor: z.string(),
  correlationId: z.string(),
  /** Id of the command that made it. */
  causationId: z.string(),
  event: z.object({ type: z.string(), data: z.unknown() }),
});
export type RecordedEvent = z.infer<typeof RecordedEvent>;

/** `next`: where the next page begins; null: that was all. */
export const BuildEventsReply = z.object({ events: z.array(RecordedEvent), next: z.int().positive().nullable() });
export type BuildEventsReply = z.infer<typeof BuildEventsReply>;
