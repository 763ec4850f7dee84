import { z } from 'zod';
import { Instant } from '../names.js';

/** Header name of NATS messages that carry a `DeadLetter` as JSON; their body is that of the message itself. */
export const DEAD_LETTER_HEADER = 'Slipway-Dead-Letter';

/** A message that nobody could take in. Source: docs/adr/0034-dead-letters.md */
export const DeadLetter = z.object({
  /** Where it lay, and who was to take it from there. */
  stream: z.string(),
  consumer: z.string(),
  sequence: z.int().nonnegative(),
  /** What it was published to, and is published to again. */
  subject: z.string().regex(/^(?:queue|event|log)\.[^\s*>]+$/),
  /** Of the message itself: name and value, as often as they stood there. */
  headers: z.array(z.tuple([z.string(), z.string()])),
  bytes: z.int().nonnegative(),
  /** False: it is too large to be kept with what is said of it, and has been cut. */
  isWhole: z.boolean(),
  /** How often it had been given to somebody by then. */
  deliveries: z.int().nonnegative(),
  error: z.object({ code: z.string(), message: z.string() }),
  at: Instant,
});
export type DeadLetter = z.infer<typeof DeadLetter>;
