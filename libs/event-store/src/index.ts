export { answerOnce } from './answer-once.js';
export { connectEventStore, type ConnectOptions } from './client/connect.js';
export {
  buildCodec,
  buildLogCodec,
  identityCodec,
  codeHostTokenCodec,
  deliveryCodec,
  hookCodec,
  namespaceCodec,
  secretCodec,
  notificationCodec,
  publicTagCodec,
  refsCodec,
  repositoryCodec,
  requestCodec,
  robotCodec,
  UndecodableEvent,
  hostKeyCodec,
  userCodec,
  webhookCodec,
} from './codecs.js';
export {
  commandHandler,
  loadState,
  type CommandContext,
  type DomainEvent,
  type EventCodec,
  type Handled,
  type Folding,
  type Handling,
  type HandlerOptions,
} from './command-handler.js';
export { eventIdOf, uuidV5 } from './event-id.js';
export { createMemoryEventStore } from './memory/memory-event-store.js';
export type {
  Appended,
  EventMetadata,
  EventStore,
  Expected,
  NewEvent,
  Position,
  Revision,
  StoredEvent,
  SubscribeAll,
  SubscriptionItem,
} from './port.js';
