import { setImmediate as turn } from 'node:timers/promises';
import type { EventStore, Position, StoredEvent, SubscribeAll, SubscriptionItem } from '@slipway/event-store';

/** Events of one batch: more gain little, and a transaction should stay short. */
const BATCH_ITEMS = 500;
/** Read ahead at most; above it the subscription waits. */
const MAX_ITEMS = 2 * BATCH_ITEMS;
const MAX_BYTES = 8 * 1024 * 1024;

export interface Batch {
  readonly events: readonly StoredEvent[];
  /** Everything up to there was read. `undefined`: nothing new. */
  readonly upTo: Position | undefined;
  /** The subscription has reached the end of what there was when it began. */
  readonly isCaughtUp: boolean;
}

/**
 * A subscription in batches of what is there: one event when all is quiet, hundreds when there is a backlog.
 * `fill`: waits for full batches until it is caught up; for replaying, where every transaction costs.
 */
export async function* readBatches(
  store: EventStore,
  { after, prefixes, signal, fill = false }: SubscribeAll & { readonly fill?: boolean },
): AsyncGenerator<Batch, void, undefined> {
  const stop = new AbortController();
  const items = store.subscribeAll({ after, prefixes, signal: AbortSignal.any([signal, stop.signal]) });
  const intake = new Intake(items, fill);
  try {
    for (let taken = await intake.take(); taken.length > 0; taken = await intake.take()) yield toBatch(taken);
  } finally {
    stop.abort();
    await intake.close();
  }
}

function toBatch(items: readonly SubscriptionItem[]): Batch {
  const positions = items.flatMap((item) => positionOf(item) ?? []);
  return {
    events: items.flatMap((item) => (item.kind === 'event' ? [item.event] : [])),
    upTo: positions.at(-1),
    isCaughtUp: items.some(({ kind }) => kind === 'caught-up'),
  };
}

function positionOf(item: SubscriptionItem): Position | undefined {
  switch (item.kind) {
    case 'event':
      return item.event.position;
    case 'checkpoint':
      return item.position;
    case 'caught-up':
      return undefined;
  }
}

/** Reads ahead while the last batch is being written. */
class Intake {
  #items: SubscriptionItem[] = [];
  #bytes = 0;
  #hasEnded = false;
  #isFilling: boolean;
  #failure: unknown;
  #arrived = Promise.withResolvers<void>();
  #drained = Promise.withResolvers<void>();
  readonly #reading: Promise<void>;

  constructor(items: AsyncIterable<SubscriptionItem>, fill: boolean) {
    this.#isFilling = fill;
    this.#reading = this.#read(items);
  }

  /** What is there, at least one item; nothing when the subscription has ended. @throws what ended it */
  async take(): Promise<readonly SubscriptionItem[]> {
    while (this.#mustWait()) {
      this.#arrived = Promise.withResolvers();
      await this.#arrived.promise;
    }
    await this.#settled();
    const taken = this.#items.splice(0, BATCH_ITEMS);
    this.#bytes = this.#items.reduce((bytes, item) => bytes + sizeOf(item), 0);
    this.#drained.resolve();
    if (taken.length === 0 && this.#failure !== undefined) throw this.#failure;
    return taken;
  }

  #mustWait(): boolean {
    if (this.#hasEnded) return false;
    if (!this.#isFilling) return this.#items.length === 0;
    return this.#items.length < BATCH_ITEMS && this.#bytes < MAX_BYTES;
  }

  /** The subscription must have been told to end. */
  async close(): Promise<void> {
    this.#hasEnded = true;
    this.#drained.resolve();
    await this.#reading;
  }

  /** Lets the runtime hand over what has come already: a batch ends when a turn of the event loop brings nothing. */
  async #settled(): Promise<void> {
    for (let before = -1; before < this.#items.length && this.#items.length < BATCH_ITEMS;) {
      before = this.#items.length;
      await turn();
    }
  }

  async #read(items: AsyncIterable<SubscriptionItem>): Promise<void> {
    try {
      for await (const item of items) {
        if (this.#hasEnded) return;
        this.#items.push(item);
        this.#bytes += sizeOf(item);
        if (item.kind === 'caught-up') this.#isFilling = false;
        this.#arrived.resolve();
        if (this.#items.length >= MAX_ITEMS || this.#bytes >= MAX_BYTES) await this.#room();
      }
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#hasEnded = true;
      this.#arrived.resolve();
    }
  }

  async #room(): Promise<void> {
    this.#drained = Promise.withResolvers();
    if (!this.#hasEnded) await this.#drained.promise;
  }
}

const SMALL_ITEM_BYTES = 1_024;
const sizeOf = (item: SubscriptionItem): number =>
  item.kind === 'event' && item.event.data instanceof Uint8Array ? item.event.data.length : SMALL_ITEM_BYTES;
