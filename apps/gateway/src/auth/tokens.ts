import { hash } from 'node:crypto';
import type { Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import type { UserQueries } from '@slipway/read-model';

/** How long a revoked token may still be good. */
const KEEP_MS = 3_000;
const MAX_KEPT = 10_000;

export interface Tokens {
  /** @throws TOKEN_INVALID, READ_MODEL_UNAVAILABLE */
  readonly callerOf: (token: string) => Promise<Caller>;
}

/** Looks tokens up by their hash. Good ones are kept for a moment, others never: one may be issued right now. */
export function tokensOf(users: UserQueries, nowMs: () => number = () => performance.now()): Tokens {
  const kept = new Map<string, { readonly caller: Caller; readonly until: number }>();
  return {
    callerOf: async (token) => {
      const tokenHash = hash('sha256', token);
      const known = kept.get(tokenHash);
      if (known && nowMs() < known.until) return known.caller;
      kept.delete(tokenHash);
      const user = await users.byTokenHash(tokenHash);
      if (!user) throw new AppError('TOKEN_INVALID');
      const caller = { name: user.name, isAdmin: user.is_admin, roles: {} };
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(tokenHash, { caller, until: nowMs() + KEEP_MS });
      return caller;
    },
  };
}
