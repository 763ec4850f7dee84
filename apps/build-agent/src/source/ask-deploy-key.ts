import type { NatsConnection } from '@nats-io/transport-node';
import { commandSubjects, DeployKeyReply, type DeployKeyRequest, type Lease } from '@slipway/contracts';
import { SourceFailure, type DeployKey } from '@slipway/git';
import { AppError } from '@slipway/kernel';
import { pause, request } from '@slipway/messaging';
import { boxReader } from '@slipway/platform';

const LIMIT_MS = 30_000;
const RETRY_MS = 500;

/**
 * Asks for the deploy key of a build as its holder. The answer is a box for a pair of this question alone; what is in it
 * is only ever in memory.
 * @throws SourceFailure; the signal's reason
 */
export const askDeployKey =
  (nats: NatsConnection, lease: Lease) =>
  async (host: string, signal: AbortSignal): Promise<DeployKey> => {
    const reader = boxReader();
    const { publicKey, box, hostKeys } = await ask(nats, { ...lease, host, reader: reader.publicKey }, signal);
    return { publicKey, hostKeys, privateKey: reader.open(box, publicKey) };
  };

async function ask(nats: NatsConnection, asked: DeployKeyRequest, signal: AbortSignal): Promise<DeployKeyReply> {
  const until = Date.now() + LIMIT_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await request(nats, commandSubjects.deployKey, asked, { reply: DeployKeyReply });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'DEPLOY_KEY_UNREADABLE' || error.code === 'REPOSITORY_NOT_FOUND')
        throw new SourceFailure('SOURCE_ACCESS_DENIED', 'There is no deploy key that can be used: issue a new one.');
      if (error.kind !== 'unavailable') throw error;
      if (Date.now() > until)
        throw new SourceFailure('SOURCE_UNREACHABLE', 'Nobody answered who could give the deploy key.');
      await pause(RETRY_MS, signal);
    }
  }
}
