import { z } from 'zod';

/** Which of the waiting builds of one namespace come first; namespaces share fairly whatever it is. */
export const Priority = z.int().min(0).max(9);
export type Priority = z.infer<typeof Priority>;

export const DEFAULT_PRIORITY: Priority = 5;
