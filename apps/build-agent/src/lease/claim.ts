import type { NatsConnection } from '@nats-io/transport-node';
import { ClaimReply, commandSubjects, type Lease } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { pause, request } from '@slipway/messaging';

const ANSWER_LIMIT_MS = 3_000;
const RETRY_MS = 250;

/** Asks for the build until there is an answer. `undefined`: none in time; say nothing, the job comes to somebody again. */
export async function claim(
  nats: NatsConnection,
  lease: Lease,
  { limitMs, signal }: { readonly limitMs: number; readonly signal: AbortSignal },
): Promise<ClaimReply | undefined> {
  const until = performance.now() + limitMs;
  while (!signal.aborted && performance.now() < until) {
    try {
      return await request(nats, commandSubjects.claimBuild, lease, { reply: ClaimReply, timeoutMs: ANSWER_LIMIT_MS });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'BUILD_NOT_FOUND') return { answer: 'over' };
      await pause(RETRY_MS, signal);
    }
  }
  return undefined;
}
