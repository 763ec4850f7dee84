import {
  namespaceOfRobot,
  streams,
  type BuildEvent,
  type BuildSpec,
  type NotificationTarget,
  type Topic,
} from '@slipway/contracts';
import { hooks, notification } from '@slipway/domain';
import {
  buildCodec,
  commandHandler,
  hookCodec,
  loadState,
  notificationCodec,
  repositoryCodec,
  uuidV5,
  type EventStore,
  type StoredEvent,
} from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';

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
  BuildSucceeded: 'build.succeeded',
  BuildFailed: 'build.failed',
  BuildCancelled: 'build.cancelled',
};

/**
 * Makes a notification of every event that somebody wants to be told of. Safe to run twice, and by several at once: the
 * notification's id is made of the event's and the target's.
 */
export function planner({ store, clock, mails }: PlannerParts): (event: StoredEvent) => Promise<void> {
  const handle = commandHandler(store, notification, notificationCodec);
  const isOld = ({ at }: { readonly at: string }): boolean => Date.parse(clock.now()) - Date.parse(at) > MAX_AGE_MS;

  return async (stored) => {
    const topic = TOPICS[stored.type as BuildEvent['type']];
    if (topic === undefined || isOld(stored.metadata)) return;
    const event = buildCodec.decode(stored);
    if (event === undefined) return;
    const { buildId } = event.data;
    const spec = await specOf(store, event);
    const { at } = stored.metadata;
    for (const target of await targetsOf({ store, mails }, { spec, topic, at })) {
      const notificationId = uuidV5(`notification/${stored.id}/${nameOf(target)}`);
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

async function specOf(store: EventStore, event: BuildEvent): Promise<BuildSpec> {
  if (event.type === 'BuildRequested') return event.data.spec;
  const [first] = await store.read(streams.build(event.data.buildId), { max: 1 });
  const requested = first && buildCodec.decode(first);
  if (requested?.type !== 'BuildRequested')
    throw new Error(`build ${event.data.buildId} does not begin with a request`);
  return requested.data.spec;
}

async function targetsOf(
  { store, mails }: Pick<PlannerParts, 'store' | 'mails'>,
  { spec, topic, at }: { readonly spec: BuildSpec; readonly topic: Topic; readonly at: string },
): Promise<readonly NotificationTarget[]> {
  const { namespace, repoName, emailEnabled } = spec;
  const { state } = await loadState({ store, decider: hooks, codec: hookCodec }, streams.hooks(namespace));
  const wanted = state.filter(({ isActive, topics, addedAt }) => isActive && topics.includes(topic) && addedAt <= at);
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

const nameOf = (target: NotificationTarget): string =>
  target.kind === 'hook' ? `hook/${target.hookId}` : `mail/${target.userName}`;
