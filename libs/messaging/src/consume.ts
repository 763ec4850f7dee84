import type { Consumer, JsMsg } from '@nats-io/jetstream';
import { AppError } from '@slipway/kernel';
import type { z } from 'zod';

/** Time between tries of a message that could not be handled yet, ms. */
const BACKOFF_MS = [10, 20, 50, 100, 250, 1_000, 5_000] as const;
const RESUBSCRIBE_MS = 1_000;

export interface Lane {
  /**
   * Handles one message; the next one of the lane waits for it. Must be safe to run twice: delivery is at least once.
   * An `unavailable` AppError, or a bug, brings the message back after a pause; any other AppError ends it.
   */
  readonly handle: (message: JsMsg) => Promise<void>;
  readonly onError: (error: unknown, message: JsMsg | undefined) => void;
}

/** Works off one lane, message by message, until `signal`. Reopens the consumer when the server lost it. */
export async function consumeLane(open: () => Promise<Consumer>, lane: Lane, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const consumer = await open();
      const messages = await consumer.consume({ max_messages: 2, idle_heartbeat: 5_000, expires: 30_000 });
      const stop = (): void => void messages.close();
      signal.addEventListener('abort', stop, { once: true });
      void watchStatus(messages, stop);
      for await (const message of messages) await settle(message, lane);
      signal.removeEventListener('abort', stop);
    } catch (error) {
      if (signal.aborted) return;
      lane.onError(error, undefined);
    }
    if (!signal.aborted) await pause(RESUBSCRIBE_MS, signal);
  }
}

/** A consumer that was deleted (JetStream wiped) never delivers again: close it, so that the loop opens a new one. */
async function watchStatus(messages: { status(): AsyncIterable<{ type: string }> }, stop: () => void): Promise<void> {
  for await (const { type } of messages.status()) {
    if (type === 'consumer_deleted' || type === 'consumer_not_found' || type === 'stream_not_found') stop();
  }
}

async function settle(message: JsMsg, { handle, onError }: Lane): Promise<void> {
  try {
    await handle(message);
    message.ack();
  } catch (error) {
    const kind = error instanceof AppError ? error.kind : 'unavailable';
    if (!(error instanceof AppError)) onError(error, message);
    if (kind !== 'unavailable') {
      if (kind === 'invalid') onError(error, message);
      return message.ack(); // said by somebody who may no longer speak, or not understood: nothing to try again
    }
    message.nak(BACKOFF_MS[message.info.deliveryCount - 1] ?? BACKOFF_MS.at(-1));
  }
}

/** Decodes and validates in one step, so that a bad message ends instead of looping. @throws MESSAGE_INVALID */
export function decodeMessage<T>(message: JsMsg, schema: z.ZodType<T>): T {
  try {
    return schema.parse(message.json());
  } catch (cause) {
    throw new AppError('MESSAGE_INVALID', { subject: message.subject }, { cause });
  }
}

export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
