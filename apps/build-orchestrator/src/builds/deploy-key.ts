import type { NatsConnection } from '@nats-io/transport-node';
import {
  DeployKeyReply,
  querySubjects,
  type DeployKeyQuery,
  type DeployKeyRequest,
  type DeployKeyReply as Reply,
} from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { request } from '@slipway/messaging';
import type { BuildDesk } from './build-desk.js';

/** Less than an agent waits for the answer. */
const LIMIT_MS = 3_000;

/**
 * The deploy key for the agent that holds the build, and for nobody else. It passes by here in a box that only that agent
 * opens. Changes nothing.
 * @throws LEASE_STALE; what the repository service throws
 */
export async function deployKeyFor(
  builds: BuildDesk,
  ask: (query: DeployKeyQuery) => Promise<Reply>,
  { buildId, leaseId, host, reader }: DeployKeyRequest,
): Promise<Reply> {
  const state = await builds.load(buildId);
  if (state.phase !== 'running' || state.leaseId !== leaseId) throw new AppError('LEASE_STALE', { buildId, leaseId });
  const { namespace, repoName: repo_name, configId } = state.spec;
  return ask({ namespace, repo_name, configId, host, reader });
}

export const askRepository =
  (nats: NatsConnection) =>
  (query: DeployKeyQuery): Promise<Reply> =>
    request(nats, querySubjects.deployKey, query, { reply: DeployKeyReply, timeoutMs: LIMIT_MS });
