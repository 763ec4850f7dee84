import { z } from 'zod';

/** What a token may be used for; each scope includes the ones before. */
export const Scope = z.enum(['read', 'build', 'admin']);
export type Scope = z.infer<typeof Scope>;
