import type { NatsConnection } from '@nats-io/transport-node';
import { commandSubjects, DeployKeyReply, type Lease } from '@slipway/contracts';
import { SourceFailure, type DeployKey } from '@slipway/git';
import { AppError } from '@slipway/kernel';
import { boxReader } from '@slipway/platform';
import { askAsHolder } from '../lease/ask-as-holder.js';

/**
 * Asks for the deploy key of a build as its holder. The answer is a box for a pair of this question alone; what is in it
 * is only ever in memory.
 * @throws SourceFailure; the signal's reason
 */
export const askDeployKey =
  (nats: NatsConnection, lease: Lease) =>
  async (host: string, signal: AbortSignal): Promise<DeployKey> => {
    const reader = boxReader();
    const payload = { ...lease, host, reader: reader.publicKey };
    const question = { subject: commandSubjects.deployKey, payload, reply: DeployKeyReply };
    const { publicKey, box, hostKeys } = await askAsHolder(nats, question, signal).catch((error: unknown) => {
      throw refusal(error);
    });
    return { publicKey, hostKeys, privateKey: reader.open(box, publicKey) };
  };

function refusal(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  if (error.code === 'DEPLOY_KEY_UNREADABLE' || error.code === 'REPOSITORY_NOT_FOUND')
    return new SourceFailure('SOURCE_ACCESS_DENIED', 'There is no deploy key that can be used: issue a new one.');
  if (error.kind === 'unavailable')
    return new SourceFailure('SOURCE_UNREACHABLE', 'Nobody answered who could give the deploy key.');
  return error;
}
