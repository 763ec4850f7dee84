import type { NatsConnection } from '@nats-io/transport-node';
import { ClaimReply, commandSubjects, type Claimant, type ClaimRequest } from '@slipway/contracts';
import { AppError, Doubling } from '@slipway/kernel';
import { pause, request } from '@slipway/messaging';
import { startStopwatch } from './stopwatch.js';

/** How long an answer is waited for before it is asked again; each time twice as long, for orchestrators may be busy, ms. */
const WAIT_MS = { first: 3_000, most: 12_000 } as const;
/** The same for asking again when nobody is there, ms. */
const RETRY_MS = { first: 250, most: 2_000 } as const;
/** For so many leases. */
const LIMIT_LEASES = 4;

/**
 * Asks for the build until there is an answer, always under the same lease, and has the job's redelivery put off
 * meanwhile: a slow answer costs no attempt. `undefined`: none in time; say nothing, the job comes to somebody again.
 */
export async function claim(
  nats: NatsConnection,
  claimant: Claimant,
  options: { readonly ackWaitMs: number; readonly putOff: () => void; readonly signal: AbortSignal },
): Promise<ClaimReply | undefined> {
  const { signal, ackWaitMs, putOff } = options;
  using job = keepJob(options);
  const elapsed = startStopwatch();
  const wait = new Doubling(WAIT_MS);
  const retry = new Doubling(RETRY_MS);
  while (!signal.aborted && job.isKept() && elapsed() < LIMIT_LEASES * ackWaitMs) {
    try {
      const reply = await ask(nats, { ...claimant, waitMs: wait.next() });
      if (reply.answer === 'granted' && job.isKept()) putOff(); // the lease counts from now
      return reply;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'BUILD_NOT_FOUND') return { answer: 'over' };
      if (error.kind !== 'unavailable' && error.kind !== 'conflict') return undefined;
      await pause(retry.next(), signal);
    }
  }
  return undefined;
}

const ask = (nats: NatsConnection, claim: ClaimRequest): Promise<ClaimReply> =>
  request(nats, commandSubjects.claimBuild, claim, { reply: ClaimReply, timeoutMs: claim.waitMs });

/** Puts the redelivery off at each third of `ackWaitMs`, unless it may have happened while the process was paused. */
function keepJob({
  ackWaitMs,
  putOff,
}: {
  readonly ackWaitMs: number;
  readonly putOff: () => void;
}): Disposable & { readonly isKept: () => boolean } {
  let sincePutOff = startStopwatch();
  const isKept = (): boolean => sincePutOff() < (ackWaitMs * 2) / 3;
  const timer = setInterval(() => {
    if (!isKept()) return clearInterval(timer);
    sincePutOff = startStopwatch();
    putOff();
  }, ackWaitMs / 3);
  return { isKept, [Symbol.dispose]: () => clearInterval(timer) };
}
