import { actorOf, type CommandReply, type RepositoryEvent, type SealedKey } from '@slipway/contracts';
import { repositoryCodec, type CommandContext, type EventStore, type StoredEvent } from '@slipway/event-store';

/** All events so far, also those of an earlier run of the same command: the asker shows what is, not what was new. */
export const replyWith = (store: EventStore, stream: string): Promise<CommandReply> =>
  replyWithShown(store, stream, (stored) => {
    const event = repositoryCodec.decode(stored);
    return event && withoutSealed(event);
  });

/** The same of other event streams. `shown`: what of an event may be known outside; undefined: nothing. */
export async function replyWithShown(
  store: EventStore,
  stream: string,
  shown: (stored: StoredEvent) => unknown,
): Promise<CommandReply> {
  const stored = await store.read(stream);
  const events = stored.flatMap((item) => {
    const event = shown(item);
    return event === undefined ? [] : [{ event, position: item.position }];
  });
  return { events, position: stored.at(-1)?.position ?? 0 };
}

/** Replies are kept for whoever repeats a request; sealed or not, a private key has no business there. */
function withoutSealed(event: RepositoryEvent): RepositoryEvent {
  if (event.type === 'DeployKeyIssued')
    return { ...event, data: { ...event.data, privateKey: emptied(event.data.privateKey) } };
  if (event.type === 'DeployKeyResealed')
    return { ...event, data: { ...event.data, privateKey: emptied(event.data.privateKey) } };
  if (event.type === 'WebhookIssued')
    return { ...event, data: { ...event.data, secret: event.data.secret && emptied(event.data.secret) } };
  if (event.type === 'WebhookSecretResealed')
    return { ...event, data: { ...event.data, secret: emptied(event.data.secret) } };
  return event;
}

/** Says which key sealed it, and holds nothing. */
export const emptied = ({ keyId }: SealedKey): SealedKey => ({ keyId, iv: '', tag: '', ciphertext: '' });

/** What a command's envelope says about where it comes from. */
export interface Sender {
  readonly commandId: string;
  /** Name of the user or robot. */
  readonly actor: string;
  readonly correlationId: string;
}

export const contextOf = ({ commandId, actor, correlationId }: Sender, at: string): CommandContext => ({
  commandId,
  at,
  actor: actorOf(actor),
  correlationId,
});
