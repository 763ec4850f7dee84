import type { StoredEvent } from '../store/events.js';

/** Bounds of the newest events kept in memory; whoever is further behind reads from the disk. */
const TAIL_EVENTS = 4_096;
const TAIL_BYTES = 8 * 1024 * 1024;
const SLICE_EVENTS = 256;

/** The newest events, for subscribers that keep up, and the bell that wakes them. */
export class LiveTail {
  readonly #events: StoredEvent[] = [];
  readonly #wakers = new Set<() => void>();
  #bytes = 0;
  #before: number; // position just before the first event kept

  constructor(lastPosition: number) {
    this.#before = lastPosition;
  }

  get subscriberCount(): number {
    return this.#wakers.size;
  }

  push(events: readonly StoredEvent[]): void {
    for (const event of events) {
      this.#events.push(event);
      this.#bytes += sizeOf(event);
    }
    this.#trim();
    for (const wake of this.#wakers) wake();
  }

  /** Whether all events after `position` are kept. */
  reaches(position: number): boolean {
    return position >= this.#before;
  }

  /** Some of the events after `position`, none when there is nothing newer; `undefined` when they are no longer kept. */
  after(position: number): readonly StoredEvent[] | undefined {
    if (!this.reaches(position)) return undefined;
    const index = position - this.#before; // positions have no gaps within one run of the server
    return this.#events.slice(index, index + SLICE_EVENTS);
  }

  /** `wake` is called after every commit, synchronously: it must only take note. Returns how to stop it. */
  subscribe(wake: () => void): () => void {
    this.#wakers.add(wake);
    return () => this.#wakers.delete(wake);
  }

  #trim(): void {
    let count = 0;
    while (this.#events.length - count > TAIL_EVENTS || this.#bytes > TAIL_BYTES) {
      const event = this.#events[count];
      if (!event) break;
      this.#bytes -= sizeOf(event);
      this.#before = event.position;
      count++;
    }
    this.#events.splice(0, count);
  }
}

/** The fixed part is what an event object costs in memory besides its payload, roughly. */
const sizeOf = ({ data, metadata }: StoredEvent): number => data.length + (metadata?.length ?? 0) + 300;
