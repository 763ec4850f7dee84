import {
  BuildEvent,
  CodeHostTokenEvent,
  DeliveryEvent,
  HostKeyEvent,
  IdentityLinked,
  HookEvent,
  NamespaceEvent,
  NotificationEvent,
  PublicTagEvent,
  RefsEvent,
  RepositoryEvent,
  RequestEvent,
  RobotEvent,
  SecretEvent,
  UserEvent,
  WebhookReserved,
  type BuildLogEvent,
} from '@slipway/contracts';
import { z } from 'zod';
import type { DomainEvent, EventCodec } from './command-handler.js';
import type { StoredEvent } from './port.js';

/** An event of a known type whose data does not match its schema: a bug, or somebody wrote past the services. */
export class UndecodableEvent extends Error {
  override readonly name = 'UndecodableEvent';

  constructor(
    readonly event: Pick<StoredEvent, 'stream' | 'revision' | 'type'>,
    cause: unknown,
  ) {
    super(`${event.type} ${event.stream}@${event.revision} does not match its schema`, { cause });
  }
}

/** Events whose data is JSON, checked against the schema of their union. @throws UndecodableEvent */
function jsonCodec<Event extends DomainEvent>(
  version: number,
  schema: z.ZodType<Event>,
  types: readonly string[],
): EventCodec<Event> {
  const known = new Set(types);
  return {
    version,
    decode: (stored) => {
      if (!known.has(stored.type)) return undefined;
      const parsed = schema.safeParse({ type: stored.type, data: stored.data });
      if (!parsed.success) throw new UndecodableEvent(stored, parsed.error);
      return parsed.data;
    },
  };
}

const typesOf = (options: readonly { readonly shape: { readonly type: z.ZodLiteral<string> } }[]): readonly string[] =>
  options.map((option) => option.shape.type.value);

export const buildCodec = jsonCodec<BuildEvent>(1, BuildEvent, typesOf(BuildEvent.options));
export const repositoryCodec = jsonCodec<RepositoryEvent>(1, RepositoryEvent, typesOf(RepositoryEvent.options));
export const hookCodec = jsonCodec<HookEvent>(1, HookEvent, typesOf(HookEvent.options));
export const namespaceCodec = jsonCodec<NamespaceEvent>(1, NamespaceEvent, typesOf(NamespaceEvent.options));
export const secretCodec = jsonCodec<SecretEvent>(1, SecretEvent, typesOf(SecretEvent.options));
export const codeHostTokenCodec = jsonCodec<CodeHostTokenEvent>(
  1,
  CodeHostTokenEvent,
  typesOf(CodeHostTokenEvent.options),
);
export const notificationCodec = jsonCodec<NotificationEvent>(1, NotificationEvent, typesOf(NotificationEvent.options));
export const deliveryCodec = jsonCodec<DeliveryEvent>(1, DeliveryEvent, typesOf(DeliveryEvent.options));
export const refsCodec = jsonCodec<RefsEvent>(1, RefsEvent, typesOf(RefsEvent.options));
export const webhookCodec = jsonCodec<WebhookReserved>(1, WebhookReserved, typesOf([WebhookReserved]));
export const requestCodec = jsonCodec<RequestEvent>(1, RequestEvent, typesOf(RequestEvent.options));
export const hostKeyCodec = jsonCodec<HostKeyEvent>(1, HostKeyEvent, typesOf(HostKeyEvent.options));
export const robotCodec = jsonCodec<RobotEvent>(1, RobotEvent, typesOf(RobotEvent.options));
export const userCodec = jsonCodec<UserEvent>(1, UserEvent, typesOf(UserEvent.options));
export const identityCodec = jsonCodec<IdentityLinked>(1, IdentityLinked, typesOf([IdentityLinked]));
export const publicTagCodec = jsonCodec<PublicTagEvent>(1, PublicTagEvent, typesOf([PublicTagEvent]));

const LogAppendedHead = z.object({
  buildId: z.uuid(),
  attempt: z.int().positive(),
  firstLine: z.int().positive(),
  lines: z.int().positive(),
  attemptLines: z.int().positive(),
  totalBytes: z.int().nonnegative().optional(),
  firstTime: z.int(),
  lastTime: z.int(),
});
const LogFenced = z.object({
  buildId: z.uuid(),
  attempt: z.int().positive(),
  totalLines: z.int().nonnegative(),
  totalBytes: z.int().nonnegative().optional(),
});

/** A log chunk is binary: its numbers stand in the metadata, so that nobody has to unpack it to count. */
export const buildLogCodec: EventCodec<BuildLogEvent> = {
  version: 1,
  decode: (stored) => {
    if (stored.type === 'LogFenced') {
      const parsed = LogFenced.safeParse(stored.data);
      if (!parsed.success) throw new UndecodableEvent(stored, parsed.error);
      return { type: 'LogFenced', data: parsed.data };
    }
    if (stored.type !== 'LogAppended') return undefined;
    const head = LogAppendedHead.safeParse(stored.metadata['log']);
    if (!head.success || !(stored.data instanceof Uint8Array)) throw new UndecodableEvent(stored, head.error);
    return { type: 'LogAppended', data: { ...head.data, chunk: stored.data } };
  },
  encode: (event) => {
    if (event.type === 'LogFenced') return { data: event.data };
    const { chunk, ...log } = event.data;
    return { data: chunk, metadata: { log } };
  },
};
