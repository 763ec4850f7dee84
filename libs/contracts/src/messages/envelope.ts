import { z } from 'zod';
import { ActorName } from '../names.js';

/** `digest`: SHA-256 of what was asked under the key; the same key stands for nothing else. */
export const Idempotency = z.object({
  key: z.string().min(1).max(255),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Idempotency = z.infer<typeof Idempotency>;

/** A command of a user, on its way to the service that decides it. `commandId` makes it repeatable. */
export const commandEnvelope = <T extends z.ZodType>(command: T) =>
  z.object({
    commandId: z.uuid(),
    actor: ActorName,
    correlationId: z.string().min(1).max(200),
    idempotency: Idempotency.optional(),
    command,
  });

/** An event as a reply or a projection sees it: the domain's event and where it stands in `$all`. */
export interface PositionedEvent<Event> {
  readonly event: Event;
  readonly position: number;
}

/** Answer to a command: all events of the thing so far, so that the asker can show it before any view has it. */
export const CommandReply = z.object({
  events: z.array(z.object({ event: z.unknown(), position: z.int().nonnegative() })),
  /** Wait for views to pass this position to read what was written. */
  position: z.int().nonnegative(),
});
export type CommandReply = z.infer<typeof CommandReply>;
