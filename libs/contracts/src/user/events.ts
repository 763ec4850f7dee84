import { z } from 'zod';
import { Instant, UserName } from '../names.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({ type: z.literal(type), data: z.object(data) });

export const UserEvent = z.discriminatedUnion('type', [
  event('UserRegistered', { name: UserName, isAdmin: z.boolean(), at: Instant }),
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
