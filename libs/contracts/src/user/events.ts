import { z } from 'zod';
import { ActorName, Instant, Namespace, UserName } from '../names.js';
import { Scope } from './scope.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({ type: z.literal(type), data: z.object(data) });

/** Somebody, as an OIDC issuer knows them. The issuer gives a subject to nobody else, ever; a name it may. */
export const Identity = z.object({ issuer: z.url(), subject: z.string().min(1).max(255) });
export type Identity = z.infer<typeof Identity>;

/** The first login of an identity gave it this user, for good. */
export const IdentityLinked = event('IdentityLinked', { ...Identity.shape, name: UserName, at: Instant });
export type IdentityLinked = z.infer<typeof IdentityLinked>;

/** SHA-256 of a token, hex. The token itself has 256 random bits, so a plain hash is enough. */
export const TokenHash = z.string().regex(/^[0-9a-f]{64}$/);

export const Email = z
  .email()
  .max(254)
  .meta({ examples: ['alice@example.com'] });

/** What is kept of a password: nothing that it could be read from, and how to check one against it. */
export const PasswordHash = z.object({
  algorithm: z.literal('scrypt'),
  /** Cost, block size and parallelization that it was made with. */
  n: z.int().positive(),
  r: z.int().positive(),
  p: z.int().positive(),
  salt: z.base64(),
  hash: z.base64(),
});
export type PasswordHash = z.infer<typeof PasswordHash>;

export const UserEvent = z.discriminatedUnion('type', [
  event('UserRegistered', {
    name: UserName,
    isAdmin: z.boolean(),
    /** Whoever else proves to be this may use the name; absent: nobody but holders of our own tokens. */
    identity: Identity.optional(),
    email: Email.nullable().optional(),
    at: Instant,
  }),
  event('EmailChanged', { name: UserName, email: Email.nullable(), by: ActorName, at: Instant }),
  event('PasswordSet', { name: UserName, password: PasswordHash, by: ActorName, at: Instant }),
  event('TokenIssued', {
    name: UserName,
    tokenId: z.uuid(),
    tokenHash: TokenHash,
    /** What the user calls it. */
    title: z.string().optional(),
    /** Absent: `admin`. */
    scope: Scope.optional(),
    /** It opens nothing outside of it. */
    namespace: Namespace.optional(),
    /** Absent: never. */
    expiresAt: Instant.optional(),
    /** Given for a password, and good for as long as the password is. */
    isLogin: z.boolean().optional(),
    at: Instant,
  }),
  event('TokenRevoked', { name: UserName, tokenId: z.uuid(), at: Instant }),
  /** In the one event stream of all standings. `by` is null: it was so when the user was registered. */
  event('UserStandingChanged', {
    name: UserName,
    isAdmin: z.boolean(),
    isActive: z.boolean(),
    by: ActorName.nullable(),
    at: Instant,
  }),
]);
export type UserEvent = z.infer<typeof UserEvent>;
