import type { EventStore, Position } from '@slipway/event-store';
import { watch } from '@slipway/platform';
import type { View } from '@slipway/read-model';

/** Enough that one of them is of a view, whatever else services write down. */
const LOOKED_AT = 64;

/** Shows how far the views are behind, whenever somebody looks. */
export function watchLag(
  { store, views }: { readonly store: EventStore; readonly views: readonly View[] },
  positionOf: () => Promise<Position>,
): void {
  const lag = new Lag();
  const look = async (): Promise<Lag> => {
    const newest = await store.newest(LOOKED_AT);
    const ours = newest.find(({ stream }) => views.some(({ prefix }) => stream.startsWith(prefix)));
    if (ours) lag.saw(ours.position, Date.now());
    lag.reached(await positionOf());
    return lag;
  };
  watch('slipway_projection_lag_events', async () => (await look()).positions);
  watch('slipway_projection_lag_seconds', async () => (await look()).seconds(Date.now()));
}

const REMEMBERED = 1_000;

/**
 * How far somebody who follows is behind, from what was newest at each look. A checkpoint need not tell of events that
 * do not matter, so only those that do are compared.
 */
export class Lag {
  #seen: readonly { readonly position: Position; readonly atMs: number }[] = [];
  #reached: Position = 0;

  /** The newest event that matters, at this time (ms). */
  saw(position: Position, atMs: number): void {
    const last = this.#seen.at(-1);
    if (last && last.position >= position) return;
    this.#seen = [...this.#seen.slice(0, REMEMBERED), { position, atMs }]; // the oldest tell since when, the last how far
  }

  reached(position: Position): void {
    this.#reached = position;
    this.#seen = this.#seen.filter((seen) => seen.position > position);
  }

  get positions(): number {
    return Math.max((this.#seen.at(-1)?.position ?? 0) - this.#reached, 0);
  }

  /** Since the oldest event that is not reached was seen; no more exact than the looks are frequent. */
  seconds(nowMs: number): number {
    const [oldest] = this.#seen;
    return oldest ? (nowMs - oldest.atMs) / 1_000 : 0;
  }
}
