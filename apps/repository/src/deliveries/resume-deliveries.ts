import { streams } from '@slipway/contracts';
import { deliveryCodec, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { pause } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import type { Settle } from './settle-delivery.js';

/** How often unfinished deliveries are looked at, ms. */
const SWEEP_MS = 1_000;
/** Longer than whoever received it needs, as a rule, ms. */
const STALE_MS = 5_000;
const MAX_PAUSE_MS = 60_000;

export interface ResumeDeliveriesParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settle: Settle;
  readonly sweepMs?: number;
  readonly staleMs?: number;
}

/** When an unfinished delivery is to be tried again; each time after twice as long. */
interface Unfinished {
  readonly nextMs: number;
  readonly pauseMs: number;
}

/**
 * Brings deliveries to their end that were stored and not gone on with: their receiver died, or builds were not to be
 * had. After a start it finds those of before. Several services may find the same one. Resolves when `signal` is aborted.
 */
export async function resumeDeliveries(parts: ResumeDeliveriesParts, signal: AbortSignal): Promise<void> {
  const unfinished = new Map<string, Unfinished>();
  await Promise.all([follow(parts, unfinished, signal), sweepAgainAndAgain(parts, unfinished, signal)]);
}

async function follow(
  { store, clock, staleMs = STALE_MS }: ResumeDeliveriesParts,
  unfinished: Map<string, Unfinished>,
  signal: AbortSignal,
): Promise<void> {
  const prefixes = [streams.delivery('', '').slice(0, -'.'.length)];
  for await (const item of store.subscribeAll({ after: undefined, prefixes, signal })) {
    if (item.kind !== 'event') continue;
    const event = deliveryCodec.decode(item.event);
    if (event?.type === 'DeliveryCompleted') unfinished.delete(item.event.stream);
    if (event?.type !== 'DeliveryReceived' && event?.type !== 'DeliveryReplayed') continue;
    const nextMs = Math.min(Date.parse(event.data.at), Date.parse(clock.now())) + staleMs;
    unfinished.set(item.event.stream, { nextMs, pauseMs: staleMs });
  }
}

async function sweepAgainAndAgain(
  { clock, logger, settle, sweepMs = SWEEP_MS }: ResumeDeliveriesParts,
  unfinished: Map<string, Unfinished>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await pause(sweepMs, signal);
    for (const [stream, { nextMs, pauseMs }] of unfinished) {
      const nowMs = Date.parse(clock.now());
      if (signal.aborted || nowMs < nextMs) continue;
      const longer = Math.min(2 * pauseMs, MAX_PAUSE_MS);
      unfinished.set(stream, { nextMs: nowMs + longer, pauseMs: longer });
      try {
        const { run } = await settle(stream);
        if (run.stage === 'done') unfinished.delete(stream);
      } catch (error) {
        logger.warn({ error }, 'delivery not gone on with, will be tried again');
      }
    }
  }
}
