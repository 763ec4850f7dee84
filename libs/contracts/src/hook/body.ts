import { z } from 'zod';

/** What a hook can be told of; the type of a request is `io.slipway.<topic>`. */
export const Topic = z.enum(['build.requested', 'build.succeeded', 'build.failed', 'build.cancelled']);
export type Topic = z.infer<typeof Topic>;

const isWithoutCredentials = (url: string): boolean => {
  const { username, password } = URL.parse(url) ?? {};
  return !username && !password;
};

/** Who it is comes from the signature: a URL is shown, and a password in it would be too. */
const TargetUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .max(2048)
  .refine(isWithoutCredentials, { error: 'must not hold a user or a password' });

/** Body of `POST /v1/namespaces/{namespace}/hooks`, and of the PUT, which replaces all of it. */
export const HookBody = z.object({
  url: TargetUrl.meta({ examples: ['https://chat.example/slipway'] }).describe(
    'Requests are sent there; no redirect is followed.',
  ),
  events: z
    .array(Topic)
    .min(1)
    .refine((topics) => new Set(topics).size === topics.length, { error: 'names an event twice' }),
  is_active: z.boolean().default(true),
});
export type HookBody = z.infer<typeof HookBody>;
