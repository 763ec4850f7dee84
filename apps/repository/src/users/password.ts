import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { PasswordHash } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';

/** What one hash costs now: 32 MiB and a tenth of a second. Source: OWASP, Password Storage Cheat Sheet */
const COST: Cost = { n: 2 ** 15, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** That work at once; more would take memory and all of the threads that files are read with. */
const AT_ONCE = 2;
/** That wait their turn; whoever asked would not wait longer. */
const MAX_WAITING = 32;

export interface Passwords {
  /** @throws SERVICE_UNAVAILABLE when too many are at work */
  readonly hash: (password: string) => Promise<PasswordHash>;
  /** As much work where there is no hash. @throws SERVICE_UNAVAILABLE when too many are at work */
  readonly verify: (password: string, known: PasswordHash | null) => Promise<boolean>;
}

/** As scrypt calls it. Source: RFC 7914 */
export type Cost = Pick<PasswordHash, 'n' | 'r' | 'p'>;

/** `cost`: of hashes that are made; every hash is checked at its own. */
export function passwords(cost: Cost = COST): Passwords {
  const turn = turnstile(AT_ONCE, MAX_WAITING);
  return {
    hash: (password) =>
      turn(async () => {
        const salt = randomBytes(SALT_BYTES);
        const hash = await derive(password, { ...cost, salt, bytes: HASH_BYTES });
        return { algorithm: 'scrypt', ...cost, salt: salt.toString('base64'), hash: hash.toString('base64') };
      }),
    verify: (password, known) =>
      turn(async () => {
        const { n, r, p } = known ?? cost;
        const salt = known ? Buffer.from(known.salt, 'base64') : randomBytes(SALT_BYTES);
        const expected = known ? Buffer.from(known.hash, 'base64') : randomBytes(HASH_BYTES);
        const hash = await derive(password, { n, r, p, salt, bytes: expected.length });
        return timingSafeEqual(hash, expected) && known !== null;
      }),
  };
}

interface Derivation extends Cost {
  readonly salt: Buffer;
  readonly bytes: number;
}

/** In a thread of its own. The same letters are the same password, however a keyboard makes them. */
function derive(password: string, { n, r, p, salt, bytes }: Derivation): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const options = { N: n, r, p, maxmem: 256 * n * r };
  scrypt(password.normalize('NFKC'), salt, bytes, options, (error, hash) => (error ? reject(error) : resolve(hash)));
  return promise;
}

function turnstile(atOnce: number, maxWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let working = 0;
  return async (work) => {
    if (working >= atOnce) {
      if (waiting.length >= maxWaiting)
        throw new AppError('SERVICE_UNAVAILABLE', { reason: 'too many passwords at once' });
      await new Promise<void>((resolve) => waiting.push(resolve)); // whoever ends hands the place over
    } else working++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else working--;
    }
  };
}
