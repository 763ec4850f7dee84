import type { Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { tokenHashOf, tokenKindOf } from '@slipway/platform';
import type { ReadModel, RobotRow, TokenHolder } from '@slipway/read-model';

/** How long a token that was revoked through another gateway may still be good. */
const KEEP_MS = 3_000;
const MAX_KEPT = 10_000;

export interface Tokens {
  /** @throws TOKEN_INVALID, READ_MODEL_UNAVAILABLE */
  readonly callerOf: (token: string) => Promise<Caller>;
  /** What was changed through this gateway counts here at once. `name`: of a user or a robot. */
  readonly forget: (name: string) => void;
}

/** Whoever holds a token, and until when it is good, in ms. */
interface Held {
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

interface Clocks {
  /** Never goes back. */
  readonly nowMs: () => number;
  /** Of the world. */
  readonly todayMs: () => number;
}
const CLOCKS: Clocks = { nowMs: () => performance.now(), todayMs: Date.now };

/** Looks tokens up by their hash. Good ones are kept for a moment, others never: one may be issued right now. */
export function tokensOf(readModel: Pick<ReadModel, 'users' | 'robots'>, { nowMs, todayMs }: Clocks = CLOCKS): Tokens {
  const kept = new Map<string, Held & { readonly untilMs: number }>();
  let forgotten = 0;
  const look = async (token: string, tokenHash: string): Promise<Held | undefined> => {
    if (tokenKindOf(token) === 'robot') return robotOf(await readModel.robots.byTokenHash(tokenHash));
    return userOf(await readModel.users.byTokenHash(tokenHash));
  };
  return {
    callerOf: async (token) => {
      const tokenHash = tokenHashOf(token);
      const known = kept.get(tokenHash);
      if (known && nowMs() < known.untilMs && todayMs() < known.expiresAtMs) return known.caller;
      kept.delete(tokenHash);
      const untilMs = nowMs() + KEEP_MS; // from when it was asked: the answer may be that old
      const asOf = forgotten;
      const held = await look(token, tokenHash);
      if (!held || todayMs() >= held.expiresAtMs) throw new AppError('TOKEN_INVALID');
      if (kept.size >= MAX_KEPT) kept.clear();
      if (asOf === forgotten) kept.set(tokenHash, { ...held, untilMs });
      return held.caller;
    },
    forget: (name) => {
      forgotten++; // what is being looked up may be of before
      for (const [tokenHash, { caller }] of kept) if (caller.name === name) kept.delete(tokenHash);
    },
  };
}

function userOf(holder: TokenHolder | undefined): Held | undefined {
  if (!holder) return undefined;
  const { user, token } = holder;
  const { scope, namespace } = token;
  const caller: Caller = {
    name: user.name,
    isAdmin: user.is_admin && scope === 'admin' && namespace === null,
    roles: {},
    scope,
    ...(namespace !== null && { onlyNamespace: namespace }),
  };
  return { caller, expiresAtMs: msOf(token.expires_at) };
}

/** It is no user's: what it may do is written on it. */
function robotOf(robot: RobotRow | undefined): Held | undefined {
  if (!robot) return undefined;
  const { name, namespace, role, expires_at } = robot;
  const caller: Caller = { name, isAdmin: false, roles: { [namespace]: role }, onlyNamespace: namespace };
  return { caller, expiresAtMs: msOf(expires_at) };
}

const msOf = (instant: string | null): number => (instant === null ? Infinity : Date.parse(instant));
