import { jetstream, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DeadLetter } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import type { z } from 'zod';
import { keepDeadLetter } from './dead-letters/keep.js';

/** Time between tries of a message that could not be handled yet, ms. */
const BACKOFF_MS = [10, 20, 50, 100, 250, 1_000, 5_000] as const;
/** Tries of one message that end with a bug, in one process, before it is set aside. Source: docs/adr/0034-dead-letters.md */
const BUG_LIMIT = 5;
const RESUBSCRIBE_MS = 1_000;
/** JetStream counts in nanoseconds. */
const NANOS_A_MS = 1_000_000;
/** JetStream's own `ack_wait`. */
const SERVERS_WAIT_NS = 30_000 * NANOS_A_MS;

export interface Lane {
  readonly stream: string;
  readonly consumer: string;
  /**
   * Handles one message; the next one of the lane waits for it. Must be safe to run twice: delivery is at least once.
   * An `unavailable` AppError brings the message back after a pause, for ever; so does a bug, a few times. What cannot
   * be read or is too large, and what is a bug each time, becomes a dead letter. Any other AppError ends it.
   */
  readonly handle: (message: JsMsg) => Promise<void>;
  readonly onError: (error: unknown, message: JsMsg | undefined) => void;
  /** Rejects while something that handling needs does not answer: nothing is a bug meanwhile. */
  readonly dependencies: () => Promise<unknown>;
  /** It lies among the dead letters, and leaves the lane next. Must be safe to run twice. An `unavailable` AppError has it run again. */
  readonly onDeadLetter: (message: JsMsg, why: DeadLetter['error']) => Promise<void>;
}

/** Works off one lane, message by message, until `signal`. Reopens the consumer when the server lost it. */
export async function consumeLane(nats: NatsConnection, lane: Lane, signal: AbortSignal): Promise<void> {
  const settle = settling(nats, lane);
  while (!signal.aborted) {
    try {
      const consumer = await jetstream(nats).consumers.get(lane.stream, lane.consumer);
      const messages = await consumer.consume({ max_messages: 2, idle_heartbeat: 5_000, expires: 30_000 });
      const stop = (): void => void messages.close();
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop(); // while it was opened
      void watchStatus(messages, stop);
      const { ack_wait: waitNs = SERVERS_WAIT_NS } = (await consumer.info(true)).config;
      for await (const message of messages) await held(message, waitNs / NANOS_A_MS / 3, settle);
      signal.removeEventListener('abort', stop);
    } catch (error) {
      if (signal.aborted) return;
      lane.onError(error, undefined);
    }
    if (!signal.aborted) await pause(RESUBSCRIBE_MS, signal);
  }
}

/** However long it takes, nobody else gets the message while this process lives. Like a lease, it is renewed at a third. */
async function held(message: JsMsg, everyMs: number, settle: (message: JsMsg) => Promise<void>): Promise<void> {
  const timer = setInterval(() => message.working(), everyMs);
  try {
    await settle(message);
  } finally {
    clearInterval(timer);
  }
}

/** A consumer that was deleted (JetStream wiped) never delivers again: close it, so that the loop opens a new one. */
async function watchStatus(messages: { status(): AsyncIterable<{ type: string }> }, stop: () => void): Promise<void> {
  for await (const { type } of messages.status()) {
    if (type === 'consumer_deleted' || type === 'consumer_not_found' || type === 'stream_not_found') stop();
  }
}

/** `again`: later; `refused`: by somebody who decided it; `dead`: nobody can take it in. */
type Verdict = 'again' | 'refused' | 'dead';

function settling(nats: NatsConnection, lane: Lane): (message: JsMsg) => Promise<void> {
  const { handle, onError, dependencies, onDeadLetter } = lane;
  const bugs = new BugCount();

  const verdictOn = async (error: unknown, message: JsMsg): Promise<Verdict> => {
    if (error instanceof AppError) return verdictOf(error);
    onError(error, message);
    const isWell = await dependencies().then(
      () => true,
      () => false,
    );
    return isWell && bugs.of(message) >= BUG_LIMIT ? 'dead' : 'again';
  };

  const setAside = async (message: JsMsg, cause: unknown): Promise<boolean> => {
    try {
      const why = await keepDeadLetter(nats, message, cause);
      await onDeadLetter(message, why);
      return true;
    } catch (error) {
      if (error instanceof AppError && verdictOf(error) === 'again') return false;
      onError(error, message);
      return true;
    }
  };

  return async (message) => {
    try {
      await handle(message);
      message.ack();
    } catch (error) {
      const verdict = await verdictOn(error, message);
      if (verdict === 'refused') return message.ack(); // said by somebody who may no longer speak: nothing to try again
      if (verdict === 'dead' && (await setAside(message, error))) return message.term(); // no reason argument: servers before 2.11 would redeliver
      message.nak(BACKOFF_MS[message.info.deliveryCount - 1] ?? BACKOFF_MS.at(-1));
    }
  };
}

function verdictOf({ kind, code }: AppError): Verdict {
  if (kind === 'unavailable' || code === 'REVISION_CONFLICT') return 'again'; // or others were quicker, again and again
  return kind === 'invalid' || kind === 'too-large' ? 'dead' : 'refused';
}

/**
 * How often handling a message was a bug. Deliveries do not tell: an outage makes many of them. One message of a lane is
 * in flight, so one number is enough.
 */
class BugCount {
  #sequence = 0;
  #times = 0;

  of({ info: { streamSequence } }: JsMsg): number {
    this.#times = streamSequence === this.#sequence ? this.#times + 1 : 1;
    this.#sequence = streamSequence;
    return this.#times;
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
