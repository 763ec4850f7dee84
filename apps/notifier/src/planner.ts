import {
  namespaceOfRobot,
  StatusHost,
  streams,
  type BuildEvent,
  type BuildSpec,
  type NotificationTarget,
  type Topic,
} from '@slipway/contracts';
import { codeHostTokens, hooks, notification, targetKey } from '@slipway/domain';
import {
  buildCodec,
  codeHostTokenCodec,
  commandHandler,
  hookCodec,
  notificationCodec,
  repositoryCodec,
  uuidV5,
  type EventStore,
  type StoredEvent,
} from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { keptStates, type KeptStates } from './kept-states.js';

export interface PlannerParts {
  readonly store: EventStore;
  readonly clock: Clock;
  /** False: nobody is told by mail. */
  readonly mails: boolean;
}

/** Older news is none: whoever starts a notifier beside a long history does not want to tell all of it. */
const MAX_AGE_MS = 24 * 60 * 60 * 1_000;

const TOPICS: { readonly [Type in BuildEvent['type']]?: Topic } = {
  BuildRequested: 'build.requested',
  SourceResolved: 'build.requested', // for code hosts: that it was requested can be said of a commit only now
  BuildSucceeded: 'build.succeeded',
  BuildFailed: 'build.failed',
  BuildCancelled: 'build.cancelled',
};

/** What the planner must be shown, in the order in which it happened: builds, and who wants to be told of them. */
export const PLANNED_FROM: readonly string[] = [streams.build(''), streams.hooks(''), streams.codeHostTokens('')];

/**
 * Makes a notification of every event that somebody wants to be told of. Safe to run twice, and by several at once: the
 * notification's id is made of the event's and the target's.
 */
export function planner({ store, clock, mails }: PlannerParts): (event: StoredEvent) => Promise<void> {
  const handle = commandHandler(store, notification, notificationCodec);
  const wishes: Wishes = {
    hooks: keptStates({ store, decider: hooks, codec: hookCodec }),
    codeHostTokens: keptStates({ store, decider: codeHostTokens, codec: codeHostTokenCodec }),
  };
  const isOld = ({ at }: { readonly at: string }): boolean => Date.parse(clock.now()) - Date.parse(at) > MAX_AGE_MS;

  return async (stored) => {
    for (const states of Object.values(wishes)) states.forget(stored.stream);
    const topic = TOPICS[stored.type as BuildEvent['type']];
    if (topic === undefined || isOld(stored.metadata)) return;
    const history = await historyOf(store, stored);
    const event = history.at(-1);
    if (event === undefined) return;
    const { buildId } = event.data;
    const spec = specOf(history);
    const { at } = stored.metadata;
    const people =
      event.type === 'SourceResolved' ? [] : await peopleFor({ store, mails, wishes }, { spec, topic, at });
    for (const target of [...people, ...(await codeHostsFor(wishes, { spec, history }))]) {
      const notificationId = uuidV5(`notification/${stored.id}/${targetKey(target)}`);
      const data = { notificationId, target, topic, buildId, eventNumber: stored.revision, at: clock.now() };
      await handle(
        streams.notification(notificationId),
        { type: 'Announce', data },
        { commandId: notificationId, at: data.at, actor: 'service:notifier', correlationId: correlationOf(stored) },
      );
    }
  };
}

const correlationOf = ({ metadata }: StoredEvent): string => metadata.$correlationId;

/** All that had happened to the build, this event at last. */
async function historyOf(store: EventStore, event: StoredEvent): Promise<readonly BuildEvent[]> {
  const { stream, revision } = event;
  const stored = revision === 0 ? [event] : await store.read(stream, { max: revision + 1 });
  return stored.flatMap((one) => buildCodec.decode(one) ?? []);
}

function specOf([first]: readonly BuildEvent[]): BuildSpec {
  if (first?.type !== 'BuildRequested') throw new Error('a build does not begin with a request');
  return first.data.spec;
}

interface Wishes {
  readonly hooks: KeptStates<StateOf<typeof hooks>>;
  readonly codeHostTokens: KeptStates<StateOf<typeof codeHostTokens>>;
}
type StateOf<Rules> = Rules extends { readonly initial: infer State } ? State : never;

async function peopleFor(
  { store, mails, wishes }: Pick<PlannerParts, 'store' | 'mails'> & { readonly wishes: Wishes },
  { spec, topic, at }: { readonly spec: BuildSpec; readonly topic: Topic; readonly at: string },
): Promise<readonly NotificationTarget[]> {
  const { namespace, repoName, emailEnabled } = spec;
  const all = await wishes.hooks.of(streams.hooks(namespace));
  const wanted = all.filter(({ isActive, topics, addedAt }) => isActive && topics.includes(topic) && addedAt <= at);
  const told = wanted.map(({ hookId }): NotificationTarget => ({ kind: 'hook', namespace, hookId }));
  const isMailed = mails && emailEnabled && topic !== 'build.requested';
  if (!isMailed) return told;
  const owner = await ownerOf(store, namespace, repoName);
  return owner === undefined ? told : [...told, { kind: 'mail', userName: owner }];
}

/** Also of a repository that has been deleted since. What a robot made belongs to whom the namespace does. */
async function ownerOf(store: EventStore, namespace: string, repoName: string): Promise<string | undefined> {
  const stored = await store.read(streams.repository(namespace, repoName));
  const created = stored.findLast(({ type }) => type === 'RepositoryCreated');
  const event = created && repositoryCodec.decode(created);
  if (event?.type !== 'RepositoryCreated') return undefined;
  return namespaceOfRobot(event.data.createdBy) ?? event.data.createdBy;
}

/** The status of a commit is told where the namespace has a token, and once it is known which commit it is. */
async function codeHostsFor(
  wishes: Wishes,
  { spec, history }: { readonly spec: BuildSpec; readonly history: readonly BuildEvent[] },
): Promise<readonly NotificationTarget[]> {
  const client = StatusHost.safeParse(spec.client).data;
  if (client === undefined || !isNewsOfCommit(spec, history)) return [];
  const { namespace } = spec;
  const tokens = await wishes.codeHostTokens.of(streams.codeHostTokens(namespace));
  return tokens.has(client) ? [{ kind: 'commit-status', namespace, client }] : [];
}

/** An attempt after the first one resolves the same commit. */
function isNewsOfCommit({ commit }: BuildSpec, history: readonly BuildEvent[]): boolean {
  const resolved = history.filter(({ type }) => type === 'SourceResolved').length;
  return history.at(-1)?.type === 'SourceResolved'
    ? commit === null && resolved === 1
    : commit !== null || resolved > 0;
}
