import { z } from 'zod';
import { ActorName, Instant, Namespace, UserName } from '../names.js';
import { NamespaceQuota } from './quota.js';
import { NetworkPolicy } from './network-policy.js';
import { Role } from './role.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({
    type: z.literal(type),
    /** `by`: null for what was found to be so by the service, and wished by nobody. */
    data: z.object({ namespace: Namespace, ...data, by: ActorName.nullable(), at: Instant }),
  });

/** A user's own, or of an organisation. */
export const NamespaceKind = z.enum(['user', 'organisation']);
export type NamespaceKind = z.infer<typeof NamespaceKind>;

/** One event stream decides whose a name is, and who may do what there. */
export const NamespaceEvent = z.discriminatedUnion('type', [
  event('NamespaceCreated', { kind: NamespaceKind, description: z.string() }),
  event('NamespaceDescribed', { description: z.string() }),
  /** Null: the operator's default. */
  event('NetworkPolicyChosen', { policy: NetworkPolicy.nullable() }),
  /** To a new member, or another one to somebody who is a member already. */
  event('RoleGiven', { username: UserName, role: Role }),
  event('MemberRemoved', { username: UserName }),
  /** By an administrator of the system. Replaces the one before. */
  event('QuotaSet', { quota: NamespaceQuota }),
]);
export type NamespaceEvent = z.infer<typeof NamespaceEvent>;
