import type { NatsConnection } from '@nats-io/transport-node';
import {
  BuildSecretsReply,
  querySubjects,
  streams,
  type BuildSecretsReply as Reply,
  type BuildSecretsRequest,
  type SecretValuesQuery,
} from '@slipway/contracts';
import { secrets, secretsSeenBy } from '@slipway/domain';
import { loadState, secretCodec, type EventStore } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import { request } from '@slipway/messaging';
import type { BuildDesk } from './build-desk.js';

/** Less than an agent waits for the answer. */
const LIMIT_MS = 3_000;

/**
 * The secrets and registry credentials for the agent that holds the build, and for nobody else. They pass by here in
 * boxes that only that agent opens. Where there are none, which is read from their events, nobody is asked for them:
 * then builds do not wait for the repository service. Changes nothing.
 * @throws LEASE_STALE; what the repository service throws
 */
export async function buildSecretsFor(
  { builds, store }: { readonly builds: BuildDesk; readonly store: EventStore },
  ask: (query: SecretValuesQuery) => Promise<Reply>,
  { buildId, leaseId, reader }: BuildSecretsRequest,
): Promise<Reply> {
  const build = await builds.load(buildId);
  if (build.phase !== 'running' || build.leaseId !== leaseId) throw new AppError('LEASE_STALE', { buildId, leaseId });
  const { namespace, configId } = build.spec;
  const { state } = await loadState({ store, decider: secrets, codec: secretCodec }, streams.secrets(namespace));
  if (secretsSeenBy(state, configId).length === 0 && state.credentials.length === 0)
    return { secrets: [], registries: [] };
  return ask({ namespace, configId, reader });
}

export const askSecrets =
  (nats: NatsConnection) =>
  (query: SecretValuesQuery): Promise<Reply> =>
    request(nats, querySubjects.secretValues, query, { reply: BuildSecretsReply, timeoutMs: LIMIT_MS });
