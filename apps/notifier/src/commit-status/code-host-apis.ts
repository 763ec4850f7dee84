import { createHash } from 'node:crypto';
import type { StatusHost } from '@slipway/contracts';
import type { SafeAnswer, SafeRequest } from '@slipway/egress';
import { basicAuthorization } from '@slipway/platform';
import { z } from 'zod';
import type { CommitStatus } from './commit-status.js';

export interface ApiToken {
  readonly token: string;
  /** Whose password it is; null: it speaks for itself. */
  readonly user: string | null;
}

/** One request to the API of a code host, under its base URL. */
export type Ask = (
  path: string,
  request: Pick<SafeRequest, 'method' | 'body'> & { readonly headers: Readonly<Record<string, string>> },
) => Promise<SafeAnswer>;

/** Tells a code host a status, and answers its last answer. Told twice, the second one replaces the first. */
export type Tell = (ask: Ask, status: CommitStatus, token: ApiToken) => Promise<SafeAnswer>;

export const TELL: Readonly<Record<StatusHost, Tell>> = {
  GitHub: tellGitHub,
  Bitbucket: tellBitbucket,
  OSChina: tellGitee,
};

const JSON_BODY = { 'content-type': 'application/json; charset=utf-8' };
const bearer = ({ token }: ApiToken) => ({ authorization: `Bearer ${token}` });

/** Source: https://docs.github.com/en/rest/commits/statuses. `error` is what it calls a result that nobody knows. */
function tellGitHub(ask: Ask, status: CommitStatus, token: ApiToken): Promise<SafeAnswer> {
  const { state, context, description, url: target_url } = status;
  const body = { state: state === 'cancelled' ? 'error' : state, target_url, description, context };
  return ask(`/repos/${encoded(status.codePath)}/statuses/${status.commit}`, {
    method: 'POST',
    headers: { ...JSON_BODY, ...bearer(token), accept: 'application/vnd.github+json' },
    body: JSON.stringify(body),
  });
}

const BITBUCKET = { pending: 'INPROGRESS', success: 'SUCCESSFUL', failure: 'FAILED', cancelled: 'STOPPED' } as const;
/** The longest key that Bitbucket takes. */
const MAX_KEY = 40;

/** Source: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/. */
function tellBitbucket(ask: Ask, status: CommitStatus, token: ApiToken): Promise<SafeAnswer> {
  const { state, context: name, description, url } = status;
  const key = `slipway-${createHash('sha256').update(name).digest('hex')}`.slice(0, MAX_KEY);
  const login = token.user === null ? bearer(token) : { authorization: basicAuthorization(token.user, token.token) };
  return ask(`/repositories/${encoded(status.codePath)}/commit/${status.commit}/statuses/build`, {
    method: 'POST',
    headers: { ...JSON_BODY, ...login },
    body: JSON.stringify({ key, state: BITBUCKET[state], name, url, description }),
  });
}

const CheckRuns = z.object({ check_runs: z.array(z.object({ id: z.int(), name: z.string() })) });

/**
 * Gitee has check runs where the others have statuses. A second one of a name would stand beside the first, so the one
 * that is there is changed. Source: https://gitee.com/api/v5/swagger, Checks.
 */
async function tellGitee(ask: Ask, status: CommitStatus, token: ApiToken): Promise<SafeAnswer> {
  const { context: name, commit } = status;
  const repository = `/repos/${encoded(status.codePath)}`;
  const named = new URLSearchParams({ check_name: name });
  const found = await ask(`${repository}/commits/${commit}/check-runs?${named.toString()}`, { headers: bearer(token) });
  if (found.status !== 200) return found;
  const run = checkRunsOf(found.body).find((one) => one.name === name);
  const form = { 'content-type': 'application/x-www-form-urlencoded', ...bearer(token) };
  const changes = checkRunOf(status);
  return run
    ? ask(`${repository}/check-runs/${run.id}`, { method: 'PATCH', headers: form, body: changes.toString() })
    : ask(`${repository}/check-runs`, {
        method: 'POST',
        headers: form,
        body: new URLSearchParams([['name', name], ['head_sha', commit], ...changes]).toString(),
      });
}

/** What is not understood is taken for none: the next request will tell. */
function checkRunsOf(body: Buffer): z.infer<typeof CheckRuns>['check_runs'] {
  try {
    return CheckRuns.parse(JSON.parse(body.toString('utf8'))).check_runs;
  } catch {
    return [];
  }
}

function checkRunOf({ state, url, description, at }: CommitStatus): URLSearchParams {
  const shown = { details_url: url, 'output[title]': description, 'output[summary]': description };
  return new URLSearchParams(
    state === 'pending'
      ? { ...shown, status: 'in_progress' }
      : { ...shown, status: 'completed', conclusion: state, completed_at: at },
  );
}

const encoded = (codePath: string): string => codePath.split('/').map(encodeURIComponent).join('/');
