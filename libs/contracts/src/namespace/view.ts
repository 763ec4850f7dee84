import { z } from 'zod';
import { ActorName, Instant, Namespace, UserName } from '../names.js';
import { NamespaceKind } from './events.js';
import { Role } from './role.js';

export const NamespaceView = z.object({
  name: Namespace,
  kind: NamespaceKind,
  description: z.string(),
  role: Role.describe('What the caller may do there.'),
  created_by: ActorName.nullable().describe('Null: it was there before namespaces had members.'),
  created_at: Instant,
  updated_at: Instant,
});
export type NamespaceView = z.infer<typeof NamespaceView>;

export const MemberView = z.object({
  username: UserName,
  role: Role,
  given_by: ActorName.nullable().describe('Null: it is their own namespace.'),
  given_at: Instant,
});
export type MemberView = z.infer<typeof MemberView>;
