import type { MemberView, NamespaceView, Role } from '@slipway/contracts';
import type { MemberRow, NamespaceRow } from './table.js';

/** The answer of `GET /v1/namespaces/{namespace}`. `role`: the caller's. */
export const namespaceView = (
  { name, kind, description, created_by, created_at, updated_at }: NamespaceRow,
  role: Role,
): NamespaceView => ({ name, kind, description, role, created_by, created_at, updated_at });

export const memberView = ({ user_name: username, role, given_by, given_at }: MemberRow): MemberView => ({
  username,
  role,
  given_by,
  given_at,
});
