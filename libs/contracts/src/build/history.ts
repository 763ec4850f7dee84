import { z } from 'zod';
import { BuildId, Instant } from '../names.js';

/** An event of a build, as `GET /v1/builds/{id}/events` shows it. */
export const BuildEventView = z.object({
  number: z.int().nonnegative().describe('Place among the events of the build, from 0: what `as_of` takes.'),
  position: z.int().nonnegative().describe('Place among all events.'),
  type: z.string(),
  at: Instant,
  actor: z.string(),
  cause: z.string().describe('Id of the command that made it; events of one command share it.'),
  correlation_id: z.string().describe('The request it all began with: its `X-Request-Id`.'),
  data: z.record(z.string(), z.unknown()),
});
export type BuildEventView = z.infer<typeof BuildEventView>;

/** Answer of `GET /v1/builds/{id}/events`: all of them, oldest first. */
export const BuildHistoryView = z.object({ build_id: BuildId, events: z.array(BuildEventView) });
export type BuildHistoryView = z.infer<typeof BuildHistoryView>;
