import { z } from 'zod';

/** The code host, as the API names it. `Simple` is any git URL. */
export const CodeHostName = z.enum(['GitHub', 'Bitbucket', 'OSChina', 'GitCafe', 'Simple']);
export type CodeHostName = z.infer<typeof CodeHostName>;

/** Where the code of an image repository lies. */
export const CodeSource = z.discriminatedUnion('client', [
  z.object({ client: z.enum(['GitHub', 'Bitbucket', 'OSChina', 'GitCafe']), namespace: z.string(), name: z.string() }),
  z.object({ client: z.literal('Simple'), cloneUrl: z.string() }),
]);
export type CodeSource = z.infer<typeof CodeSource>;
