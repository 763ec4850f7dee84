import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStore } from './event-store.js';
import type { ProposedEvent, StoredEvent, WriteResult } from './events.js';

export const eventId = (): Uint8Array => Buffer.from(randomUUID().replaceAll('-', ''), 'hex');

/** An event of 1 byte unless told otherwise; every call makes a new id. */
export const proposed = (fields: Partial<ProposedEvent> = {}): ProposedEvent => ({
  id: eventId(),
  type: 'BuildRequested',
  isJson: true,
  data: Buffer.from('0'),
  metadata: new Uint8Array(0),
  ...fields,
});

export const metadataEvent = (metadata: Record<string, unknown>): ProposedEvent =>
  proposed({ type: '$metadata', data: Buffer.from(JSON.stringify(metadata)) });

export const written = (revision: number): unknown => ({
  outcome: 'written',
  revision,
  position: expect.any(Number),
});
export const conflictAt = (currentRevision: number): WriteResult => ({
  outcome: 'wrong-expected-revision',
  currentRevision,
});
export const STREAM_DELETED: WriteResult = { outcome: 'stream-deleted' };

/** A store on a file of its own, with everything it has published. `reopen` is a restart. */
export class StoreFixture {
  readonly directory = mkdtempSync(join(tmpdir(), 'slipway-event-store-'));
  readonly file = join(this.directory, 'events.db');
  readonly groups: (readonly StoredEvent[])[] = [];
  store = this.#open();

  reopen(): void {
    this.store.close();
    this.store = this.#open();
  }

  remove(): void {
    this.store.close();
    rmSync(this.directory, { recursive: true });
  }

  /** The revisions a reader of the stream sees, oldest first. */
  revisions(stream: string): number[] {
    const view = this.store.view(stream);
    if (view.state !== 'readable') return [];
    const page = this.store.readStream(view, { from: 0, direction: 'forwards', limit: 1_000 });
    return page.events.map(({ revision }) => revision);
  }

  #open(): EventStore {
    return new EventStore(this.file, (events) => this.groups.push(events));
  }
}
