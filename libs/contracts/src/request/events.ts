import { z } from 'zod';
import { Instant } from '../names.js';

/** What a command was answered: its reply, or why it was refused. */
export const Answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), reply: z.unknown() }),
  z.object({ ok: z.literal(false), code: z.string(), details: z.record(z.string(), z.unknown()) }),
]);
export type Answer = z.infer<typeof Answer>;

export const RequestEvent = z.discriminatedUnion('type', [
  /** `commandId`: whoever repeats the request carries on with this command. */
  z.object({
    type: z.literal('RequestBegun'),
    data: z.object({ commandId: z.uuid(), digest: z.string(), at: Instant }),
  }),
  z.object({
    type: z.literal('RequestAnswered'),
    data: z.object({ commandId: z.uuid(), answer: Answer, at: Instant }),
  }),
]);
export type RequestEvent = z.infer<typeof RequestEvent>;
