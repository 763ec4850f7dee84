import type { Role } from '@slipway/contracts';
import type { NamespaceQueries } from '@slipway/read-model';

/** How long somebody who was removed may still be a member. */
const KEEP_MS = 3_000;
const MAX_KEPT = 10_000;

type RolesByNamespace = Readonly<Record<string, Role>>;

export interface Roles {
  /** @throws READ_MODEL_UNAVAILABLE */
  readonly of: (userName: string) => Promise<RolesByNamespace>;
  /** What was changed through this gateway counts here at once. */
  readonly forget: (userName: string) => void;
}

/** What users are in the namespaces of others, kept for a moment. */
export function rolesOver(
  namespaces: Pick<NamespaceQueries, 'rolesOf'>,
  nowMs: () => number = () => performance.now(),
): Roles {
  const kept = new Map<string, { readonly roles: RolesByNamespace; readonly untilMs: number }>();
  return {
    of: async (userName) => {
      const known = kept.get(userName);
      if (known && nowMs() < known.untilMs) return known.roles;
      const untilMs = nowMs() + KEEP_MS; // from when it was asked: the answer may be that old
      const roles = await namespaces.rolesOf(userName);
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(userName, { roles, untilMs });
      return roles;
    },
    forget: (userName) => void kept.delete(userName),
  };
}
