import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Idempotency } from '@slipway/contracts';
import { FieldsInvalid } from '../http/parse.js';

const HEADER = 'Idempotency-Key';

/**
 * Of a POST with an `Idempotency-Key`: the key, and what it stands for. `asked`: what the caller says, after validation,
 * so that the same wish in other words (white space, an omitted default) is the same.
 * @throws FIELD_INVALID
 */
export function idempotencyOf(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  subject: string,
  asked: unknown,
): Idempotency | undefined {
  const key = headers['idempotency-key'];
  if (method !== 'POST' || key === undefined) return undefined;
  const digest = createHash('sha256')
    .update(canonical([subject, asked]))
    .digest('hex');
  const parsed = Idempotency.safeParse({ key, digest });
  if (!parsed.success) throw new FieldsInvalid([{ source: HEADER, message: 'must have 1 to 255 characters' }]);
  return parsed.data;
}

/** JSON with sorted keys. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
