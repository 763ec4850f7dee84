import { BitbucketPush, GitHubPush, type CodeHostName, type RefChange, type SkipReason } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';

/** What a code host told. `note`: why nothing in it is a push. */
export interface Told {
  readonly changes: readonly RefChange[];
  readonly note: Extract<SkipReason, 'PING' | 'NOT_A_PUSH'> | null;
}

/** By their names in lower case. */
type Headers = Readonly<Record<string, string | undefined>>;

/** The headers that name the event; of the others nothing is known but that they speak as GitHub does. */
const EVENT_HEADER: Readonly<Record<CodeHostName, string>> = {
  GitHub: 'x-github-event',
  Bitbucket: 'x-event-key',
  OSChina: 'x-gitee-event',
  GitCafe: 'x-github-event',
  Simple: 'x-github-event',
};

const PUSHES: ReadonlySet<string> = new Set(['push', 'repo:push', 'push hook', 'tag push hook']);
const PINGS: ReadonlySet<string> = new Set(['ping', 'diagnostics:ping']);

/** In the words of the host; `push` where it names none. */
export const eventOf = (client: CodeHostName, headers: Headers): string => headers[EVENT_HEADER[client]] ?? 'push';

/** Which refs a delivery moved. `payload`: its body as JSON. @throws DELIVERY_INVALID */
export function pushOf(client: CodeHostName, headers: Headers, payload: unknown): Told {
  const event = eventOf(client, headers).toLowerCase();
  if (PINGS.has(event) || headers['x-gitee-ping'] === 'true') return { changes: [], note: 'PING' };
  if (!PUSHES.has(event)) return { changes: [], note: 'NOT_A_PUSH' };
  const changes = client === 'Bitbucket' ? bitbucketChanges(payload) : gitHubChanges(payload);
  if (!changes) throw new AppError('DELIVERY_INVALID', { client });
  return { changes, note: null };
}

function gitHubChanges(payload: unknown): readonly RefChange[] | undefined {
  const parsed = GitHubPush.safeParse(payload);
  if (!parsed.success) return undefined;
  const { ref, after, deleted, head_commit: head } = parsed.data;
  const commit = deleted === true || NO_COMMIT.test(after) ? null : (head?.id ?? after);
  return [{ ...named(ref), commit }];
}

function bitbucketChanges(payload: unknown): readonly RefChange[] | undefined {
  const parsed = BitbucketPush.safeParse(payload);
  return parsed.success
    ? parsed.data.push.changes.flatMap(({ new: now, old: before }): RefChange[] => {
        const ref = now ?? before;
        if (!ref) return [];
        return [{ refType: BITBUCKET_TYPES[ref.type] ?? null, refName: ref.name, commit: now?.target.hash ?? null }];
      })
    : undefined;
}

const NO_COMMIT = /^0+$/;
const BITBUCKET_TYPES: Readonly<Record<string, RefChange['refType']>> = { branch: 'branch', tag: 'tag' };
const PREFIXES = [
  ['refs/heads/', 'branch'],
  ['refs/tags/', 'tag'],
] as const;

/** As git words it. */
export const fullRefName = ({ refType, refName }: Pick<RefChange, 'refType' | 'refName'>): string =>
  (PREFIXES.find(([, type]) => type === refType)?.[0] ?? '') + refName;

function named(ref: string): Pick<RefChange, 'refType' | 'refName'> {
  const [prefix, refType] = PREFIXES.find(([start]) => ref.startsWith(start)) ?? ['', null];
  return { refType, refName: ref.slice(prefix.length) };
}
