import { z } from 'zod';

/** One broken field, or the one thing that is wrong. */
export const ErrorEntryView = z.object({
  code: z.string().describe('A code of the error table, in lower case.'),
  message: z.string().describe('For a person.'),
  source: z
    .string()
    .nullable()
    .describe('Dotted path of the field, name of the parameter or header; null where there is none to blame.'),
});
export type ErrorEntryView = z.infer<typeof ErrorEntryView>;

/** Every answer from 400 on. */
export const ErrorsView = z.object({ errors: z.array(ErrorEntryView).min(1) });
export type ErrorsView = z.infer<typeof ErrorsView>;
