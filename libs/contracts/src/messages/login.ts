import { z } from 'zod';
import { UserName } from '../names.js';
import { Identity } from '../user/events.js';

/** On `cmd.user.login`: the gateway has seen proof of this identity. The first login makes the user. */
export const LoginCommand = z.object({
  ...Identity.shape,
  /** What the issuer calls them. Only counts at the first login: names may change, and be given to others. */
  username: UserName,
  correlationId: z.string().min(1).max(200),
});
export type LoginCommand = z.infer<typeof LoginCommand>;

export const LoginReply = z.object({ username: UserName, isAdmin: z.boolean() });
export type LoginReply = z.infer<typeof LoginReply>;
