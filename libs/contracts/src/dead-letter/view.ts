import { z } from 'zod';
import { Instant } from '../names.js';

/** Rows of one page of dead letters. */
export const DEAD_LETTERS_A_PAGE = 20;

export const DeadLetterId = z.int().positive().describe('Its place among the dead letters.');

/** One message that was set aside. */
export const DeadLetterView = z.object({
  id: DeadLetterId,
  stream: z.string().describe('The JetStream stream that it lay in.'),
  consumer: z.string().describe('Who was to take it in.'),
  subject: z.string().describe('What it was published to.'),
  sequence: z.int().nonnegative().describe('Its place in that stream.'),
  deliveries: z.int().nonnegative().describe('How often it had been delivered by then.'),
  error: z
    .object({ code: z.string().describe('A code of Slipway, or the name of the error.'), message: z.string() })
    .describe('Why nobody could take it in.'),
  bytes: z.int().nonnegative().describe('Of the message itself.'),
  is_whole: z.boolean().describe('False: too large to be kept whole, so it cannot be replayed.'),
  created_at: Instant.describe('When it was set aside.'),
});
export type DeadLetterView = z.infer<typeof DeadLetterView>;

/** The same with what is in it. */
export const DeadLetterDetail = DeadLetterView.extend({
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  encoding: z.enum(['utf-8', 'base64']).describe('Of `body`: base64 where it is no text.'),
  body: z.string().describe('At most the first 64 KiB.'),
});
export type DeadLetterDetail = z.infer<typeof DeadLetterDetail>;

export const DeadLetterReplay = z.object({
  id: DeadLetterId,
  stream: z.string(),
  subject: z.string().describe('What it was published to again.'),
  sequence: z
    .int()
    .positive()
    .nullable()
    .describe(
      'Its new place in the stream; null: a job of the same build lay there already, so nothing was published.',
    ),
});
export type DeadLetterReplay = z.infer<typeof DeadLetterReplay>;

/** On `query.dead-letter.list`: the newest first, `DEAD_LETTERS_A_PAGE` at once. */
export const DeadLetterListQuery = z.object({ page: z.int().positive() });
export type DeadLetterListQuery = z.infer<typeof DeadLetterListQuery>;

export const DeadLetterListReply = z.object({ count: z.int().nonnegative(), letters: z.array(DeadLetterView) });
export type DeadLetterListReply = z.infer<typeof DeadLetterListReply>;

/** On `query.dead-letter.get`. */
export const DeadLetterQuery = z.object({ id: DeadLetterId });
export type DeadLetterQuery = z.infer<typeof DeadLetterQuery>;

/** On `cmd.dead-letter.replay` and `cmd.dead-letter.remove`. */
export const DeadLetterRequest = z.object({ id: DeadLetterId, by: z.string() });
export type DeadLetterRequest = z.infer<typeof DeadLetterRequest>;
