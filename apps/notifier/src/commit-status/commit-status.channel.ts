import type { KeyObject } from 'node:crypto';
import { streams, type StatusHost } from '@slipway/contracts';
import { codeHostTokens, type CodeHostApis, type CodeHostToken } from '@slipway/domain';
import { safeFetch, type Egress, type SafeAnswer } from '@slipway/egress';
import { codeHostTokenCodec, loadState, type EventStore } from '@slipway/event-store';
import { toldBuild } from '../builds/told-build.js';
import { failed, failedForGood, type Channel, type Outcome, type Told } from '../channel.js';
import { outcomeWithoutAnswer } from '../no-answer.js';
import { unseal } from '../unseal.js';
import { TELL, type Ask } from './code-host-apis.js';
import { commitStatusOf } from './commit-status.js';

export interface CommitStatusParts {
  readonly store: EventStore;
  /** All that may have sealed a token. */
  readonly secretKeys: readonly KeyObject[];
  readonly publicUrl: string;
  readonly apis: CodeHostApis;
  readonly egress: Egress;
}

const LIMIT_MS = 10_000;
const KEPT_CHARACTERS = 1_024;
const ENDS: ReadonlySet<string> = new Set(['BuildSucceeded', 'BuildFailed', 'BuildCancelled']);

/** Tells a code host what became of a commit, by the token that the namespace has now. */
export function commitStatusChannel(parts: CommitStatusParts): Channel {
  const { store, publicUrl, apis } = parts;
  return async (told) => {
    const { target, buildId, eventNumber } = told;
    if (target.kind !== 'commit-status') throw new Error(`a code host is not told as ${target.kind}`);
    const { namespace, client } = target;
    const what = { store, decider: codeHostTokens, codec: codeHostTokenCodec };
    const token = (await loadState(what, streams.codeHostTokens(namespace))).state.get(client);
    if (!token) return failedForGood('The namespace has no token for the code host any more.');
    const api = apis[client];
    if (api === null) return failedForGood('Slipway does not know where the API of the code host is.');
    if (await isPast(store, told)) return failedForGood('The build has ended meanwhile.');
    const status = commitStatusOf(await toldBuild(store, { buildId, eventNumber }), publicUrl);
    const opened = { token: opensTo(token, { namespace, client, parts }), user: token.apiUser };
    try {
      return outcomeOf(await TELL[client](askAt(api, parts.egress), status, opened), client);
    } catch (error) {
      return outcomeWithoutAnswer(error);
    }
  };
}

/** A late `pending` would hide the end, which may have been told already. */
async function isPast(store: EventStore, { topic, buildId }: Told): Promise<boolean> {
  if (topic !== 'build.requested') return false;
  return (await store.read(streams.build(buildId))).some(({ type }) => ENDS.has(type));
}

const opensTo = (
  { token }: CodeHostToken,
  { namespace, client, parts }: { namespace: string; client: StatusHost; parts: CommitStatusParts },
): string => unseal(token, `code-host-token/${namespace}/${client}`, parts.secretKeys).toString('utf8');

const askAt =
  (api: string, egress: Egress): Ask =>
  (path, { headers, ...request }) =>
    safeFetch(egress, api + path, {
      ...request,
      headers: { accept: 'application/json', 'user-agent': 'Slipway', ...headers },
      timeoutMs: LIMIT_MS,
    });

/** What another try does not change. Source: each answers 404 also where a token may see nothing. */
const FOR_GOOD: Readonly<Record<number, string>> = {
  401: 'the token is not valid',
  403: 'the token may not set the status of a commit there',
  404: 'there is no such commit, or the token may not see it',
};
const REQUEST_TIMEOUT = 408;
const TOO_MANY = 429;

function outcomeOf(received: SafeAnswer, client: StatusHost): Outcome {
  const { status } = received;
  const text = received.body.toString('utf8').replaceAll('\0', '\u{fffd}');
  const answer = { status, body: text.slice(0, KEPT_CHARACTERS) };
  if (status >= 200 && status < 300) return { kind: 'told', answer };
  const reason = FOR_GOOD[status];
  const asked = askedPauseMs(received);
  const isForNow = status >= 500 || status === TOO_MANY || status === REQUEST_TIMEOUT || asked !== undefined;
  if (isForNow)
    return { ...failed(`${client} answered ${status}.`, answer), ...(asked !== undefined && { askedPauseMs: asked }) };
  return failedForGood(`${client} answered ${status}${reason === undefined ? '' : `: ${reason}`}.`, answer);
}

/**
 * How long a code host wants to be left alone, ms; undefined: it says nothing of it. GitHub says it with 403 too.
 * Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
function askedPauseMs({ headers }: SafeAnswer): number | undefined {
  const retryAfterS = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(retryAfterS)) return Math.max(0, retryAfterS * 1_000);
  if (headers['x-ratelimit-remaining'] !== '0') return undefined;
  const resetMs = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1_000;
  return Number.isFinite(resetMs) ? Math.max(0, resetMs - Date.now()) : 0;
}
