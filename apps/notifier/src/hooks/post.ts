import type { TargetAnswer } from '@slipway/contracts';
import { safeFetch, type Egress } from '@slipway/egress';

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends, and answers what came back, whatever it is. @throws ADDRESS_REFUSED, and when nothing came back in time */
export type Post = (request: PostRequest) => Promise<TargetAnswer & { readonly status: number }>;

const LIMIT_MS = 10_000;
/** Of an answer's body: enough to see what is wrong. */
const KEPT_BYTES = 1_024;

/** Not to private addresses, and without following a redirect: who is told is said by the hook alone. */
export const postOver =
  (egress: Egress): Post =>
  async ({ url, headers, body }) => {
    const limits = { timeoutMs: LIMIT_MS, maxBytes: KEPT_BYTES };
    const answer = await safeFetch(egress, url, { method: 'POST', headers, body, ...limits });
    return { status: answer.status, body: answer.body.toString('utf8').replaceAll('\0', '\u{fffd}') };
  };
