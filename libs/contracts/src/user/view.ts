import { z } from 'zod';
import { ActorName, Instant, Namespace, UserName } from '../names.js';
import { Role } from '../namespace/role.js';
import { Scope } from './scope.js';

/** Answer of `GET /v1/auth/profile`. */
export const ProfileView = z.object({
  username: ActorName,
  email: z.string().nullable(),
  is_admin: z.boolean().describe('Of the system, and by this token.'),
  namespaces: z
    .array(z.object({ name: Namespace, role: Role }))
    .describe('The own one, and those of others: what the caller is there, by this token.'),
});
export type ProfileView = z.infer<typeof ProfileView>;

export const UserView = z.object({
  username: UserName,
  email: z.string().nullable(),
  is_admin: z.boolean().describe('Of the system.'),
  is_active: z.boolean().describe('False: no token and no login of theirs is good.'),
  created_at: Instant,
  updated_at: Instant,
});
export type UserView = z.infer<typeof UserView>;

/** Answer of `POST /v1/generate-api-token`. */
export const GeneratedTokenView = z.object({ username: UserName, token: z.string() });
export type GeneratedTokenView = z.infer<typeof GeneratedTokenView>;

export const TokenView = z.object({
  id: z.uuid(),
  name: z.string().nullable().describe('Null: it was given for a password, or at the first start.'),
  scope: Scope,
  namespace: Namespace.nullable().describe('It opens nothing outside of it.'),
  is_login: z.boolean().describe('It was given for a password, and is revoked with it.'),
  created_at: Instant,
  expires_at: Instant.nullable(),
});
export type TokenView = z.infer<typeof TokenView>;

export const ShownToken = z
  .string()
  .nullable()
  .describe('Shown now and never again: null where the request was repeated under its `Idempotency-Key`.');

/** The one answer that holds the token. */
export const CreatedTokenView = z.object({ ...TokenView.shape, token: ShownToken });
export type CreatedTokenView = z.infer<typeof CreatedTokenView>;
