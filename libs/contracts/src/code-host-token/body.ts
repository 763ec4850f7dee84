import { z } from 'zod';

/** Code hosts that take the status of a commit. */
export const StatusHost = z.enum(['GitHub', 'Bitbucket', 'OSChina']);
export type StatusHost = z.infer<typeof StatusHost>;

/** What may stand in a header: no space, no control character. */
const visible = (what: string, max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\x21-\x7e]*$/, `${what} must be visible ASCII without spaces`);

/** Body of `PUT /v1/namespaces/{namespace}/code-hosts/{client}`. */
export const CodeHostTokenBody = z.object({
  api_token: visible('api_token', 4096).describe('Of the code host. Kept sealed, and never shown.'),
  api_user: visible('api_user', 255)
    .refine((user) => !user.includes(':'), { error: 'must not hold a colon' })
    .nullable()
    .default(null)
    .describe(
      'For `Bitbucket` alone: whose API token or app password it is. Null: an access token of a repository, a project or a workspace.',
    ),
});
export type CodeHostTokenBody = z.infer<typeof CodeHostTokenBody>;
