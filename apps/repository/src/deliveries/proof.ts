import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { CodeHostName } from '@slipway/contracts';

/** A request of a code host. */
export interface Sent {
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Every byte as it came. */
  readonly body: Uint8Array;
}

export type Proof = 'good' | 'bad' | 'no-secret';

const HOUR_MS = 3_600_000;
/** Clocks differ, ms. */
const AHEAD_MS = 300_000;

/**
 * Whether whoever sent this knows the secret of the webhook; its code is known to the sender already. No comparison
 * takes longer the more of it is right. `nowMs`: for what is only good for an hour.
 */
export function proofOf(client: CodeHostName, sent: Sent, secret: string | null, nowMs: number): Proof {
  const { headers } = sent;
  switch (client) {
    case 'GitHub':
      return secret === null ? 'no-secret' : word(isSignedBy(secret, headers['x-hub-signature-256'], sent));
    case 'Bitbucket':
      return secret === null ? 'no-secret' : word(isSignedBy(secret, headers['x-hub-signature'], sent));
    case 'OSChina':
      return secret === null ? 'no-secret' : word(isGitees(secret, headers, nowMs));
    case 'GitCafe':
      return 'good'; // the code is the password
    case 'Simple': {
      const signature = headers['x-hub-signature-256'];
      if (signature === undefined) return 'good';
      return secret === null ? 'no-secret' : word(isSignedBy(secret, signature, sent));
    }
  }
}

/** Whether the proof is of the refs too: if not, the code host is to be asked where they are. */
export const coversRefs = (client: CodeHostName): boolean => client !== 'OSChina';

const word = (isGood: boolean): Proof => (isGood ? 'good' : 'bad');

/** `sha256=<hex of the HMAC of the body>`; `sha1=` is not taken. */
function isSignedBy(secret: string, signature: string | undefined, { body }: Sent): boolean {
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(signature ?? '') ?? [];
  return hex !== undefined && areSame(hex.toLowerCase(), createHmac('sha256', secret).update(body).digest('hex'));
}

/** The secret itself, or Base64 of the HMAC of `<timestamp>\n<secret>`, both as the key says. */
function isGitees(secret: string, headers: Sent['headers'], nowMs: number): boolean {
  const { 'x-gitee-token': token = '', 'x-gitee-timestamp': timestamp = '' } = headers;
  const ageMs = nowMs - (/^\d{13}$/.test(timestamp) ? Number(timestamp) : Number.NaN);
  const isPassword = areSame(token, secret);
  const isSignature = areSame(token, createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'));
  return isPassword || (isSignature && ageMs <= HOUR_MS && ageMs >= -AHEAD_MS);
}

/** Of any lengths: their digests have one. */
const areSame = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
