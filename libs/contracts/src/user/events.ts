import { z } from 'zod';
import { Instant, UserName } from '../names.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({ type: z.literal(type), data: z.object(data) });

/** Somebody, as an OIDC issuer knows them. The issuer gives a subject to nobody else, ever; a name it may. */
export const Identity = z.object({ issuer: z.url(), subject: z.string().min(1).max(255) });
export type Identity = z.infer<typeof Identity>;

/** The first login of an identity gave it this user, for good. */
export const IdentityLinked = event('IdentityLinked', { ...Identity.shape, name: UserName, at: Instant });
export type IdentityLinked = z.infer<typeof IdentityLinked>;

export const UserEvent = z.discriminatedUnion('type', [
  event('UserRegistered', {
    name: UserName,
    isAdmin: z.boolean(),
    /** Whoever else proves to be this may use the name; absent: nobody but holders of our own tokens. */
    identity: Identity.optional(),
    at: Instant,
  }),
  event('TokenIssued', {
    name: UserName,
    tokenId: z.uuid(),
    /** SHA-256 of the token, hex. The token itself has 256 random bits, so a plain hash is enough. */
    tokenHash: z.string().regex(/^[0-9a-f]{64}$/),
    at: Instant,
  }),
  event('TokenRevoked', { name: UserName, tokenId: z.uuid(), at: Instant }),
]);
export type UserEvent = z.infer<typeof UserEvent>;

/** Answer of `GET /v1/auth/profile`. */
export const ProfileView = z.object({ username: UserName, is_admin: z.boolean() });
export type ProfileView = z.infer<typeof ProfileView>;
