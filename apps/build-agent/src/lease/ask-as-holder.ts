import type { NatsConnection } from '@nats-io/transport-node';
import { AppError } from '@slipway/kernel';
import { pause, request } from '@slipway/messaging';
import type { z } from 'zod';

const LIMIT_MS = 30_000;
const RETRY_MS = 500;

/**
 * Asks a service for something that only the holder of a build gets, and asks again while nobody answers.
 * @throws AppError: what the service threw; of kind `unavailable` when nobody answered in time; the signal's reason
 */
export async function askAsHolder<T extends z.ZodType>(
  nats: NatsConnection,
  { subject, payload, reply }: { readonly subject: string; readonly payload: object; readonly reply: T },
  signal: AbortSignal,
): Promise<z.infer<T>> {
  const until = performance.now() + LIMIT_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await request(nats, subject, payload, { reply });
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'unavailable' || performance.now() > until) throw error;
      await pause(RETRY_MS, signal);
    }
  }
}
