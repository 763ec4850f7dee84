import { jetstream, type Consumer, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Job } from '@slipway/contracts';
import { consumers, decodeMessage, keepDeadLetter, pause, STREAMS } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import type { JobGate } from './job-gate.js';

/** How long one request for a job stays open on the server, ms. */
const NEXT_MS = 10_000;
const RETRY_MS = 1_000;
/** A job that does not suit goes on at once until so many agents have passed it on; then it rests in between. */
const PASSED_AT_ONCE = 64;
const PASS_AFTER_MS = 250;

export interface Slot {
  readonly nats: NatsConnection;
  readonly buildNode: string;
  readonly gate: JobGate;
  /** Before each job is taken up: may close the gate. */
  readonly looksLast: () => Promise<void>;
  /** Whether this agent can take it; else another one gets it. */
  readonly suits: (job: Job) => boolean;
  readonly logger: Logger;
  readonly work: (job: Job, message: JsMsg) => Promise<void>;
}

/**
 * One slot: holds at most one job, and asks for the next only when it is free; the backlog stays on the server.
 * Run it as often as the agent has slots. `work` settles the message itself, because only it knows whether it may still
 * speak; what it throws is a bug.
 */
export async function workSlot(
  { nats, buildNode, gate, looksLast, suits, logger, work }: Slot,
  signal: AbortSignal,
): Promise<void> {
  let consumer: Consumer | undefined;
  while (!signal.aborted) {
    await gate.opens(signal);
    if (signal.aborted) return;
    try {
      consumer ??= await jetstream(nats).consumers.get(STREAMS.queue, consumers.agents(buildNode));
      const message = await consumer.next({ expires: NEXT_MS });
      if (!message || signal.aborted) continue;
      if (gate.isOpen) await looksLast();
      if (gate.isOpen) await takeUp(message, { nats, suits, work, logger });
      else message.nak(); // closed since it was asked for: nothing is claimed yet, so another agent gets it at once
    } catch (error) {
      if (signal.aborted) return;
      consumer = undefined; // the queue was wiped, or is away: look it up again
      logger.warn({ error }, 'no job taken, trying again');
      await pause(RETRY_MS, signal);
    }
  }
}

async function takeUp(
  message: JsMsg,
  { nats, suits, work, logger }: Pick<Slot, 'nats' | 'suits' | 'work' | 'logger'>,
): Promise<void> {
  const job = await readOrSetAside(message, { nats, logger });
  if (!job) return;
  if (!suits(job)) return message.nak(message.info.deliveryCount > PASSED_AT_ONCE ? PASS_AFTER_MS : 0);
  try {
    await work(job, message);
  } catch (error) {
    logger.error({ error, subject: message.subject }, 'job failed in the agent'); // silence: it is delivered again
  }
}

/** The relay offers anew what a job that nobody can read should have been. @throws SERVICE_UNAVAILABLE */
async function readOrSetAside(
  message: JsMsg,
  { nats, logger }: Pick<Slot, 'nats' | 'logger'>,
): Promise<Job | undefined> {
  try {
    return decodeMessage(message, Job);
  } catch (error) {
    const why = await keepDeadLetter(nats, message, error);
    logger.error({ why, subject: message.subject }, 'job set aside: dead letter');
    message.term(); // no reason argument: servers before 2.11 would redeliver
    return undefined;
  }
}
