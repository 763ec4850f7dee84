import type { NatsConnection } from '@nats-io/transport-node';
import { BuildSecretsRequest, commandSubjects, DeployKeyRequest } from '@slipway/contracts';
import type { EventStore } from '@slipway/event-store';
import { serve, type Service } from '@slipway/messaging';
import type { BuildDesk } from './build-desk.js';
import { askSecrets, buildSecretsFor } from './build-secrets.js';
import { askRepository, deployKeyFor } from './deploy-key.js';

/** Answers what nobody but the holder of a build is told. */
export function answerHolders(
  { nats, store, builds }: { readonly nats: NatsConnection; readonly store: EventStore; readonly builds: BuildDesk },
  common: Pick<Service<unknown>, 'queue' | 'onError'>,
): readonly { readonly stop: () => Promise<void> }[] {
  return [
    serve(nats, {
      ...common,
      subject: commandSubjects.deployKey,
      schema: DeployKeyRequest,
      handle: (asked) => deployKeyFor(builds, askRepository(nats), asked),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.buildSecrets,
      schema: BuildSecretsRequest,
      handle: (asked) => buildSecretsFor({ builds, store }, askSecrets(nats), asked),
    }),
  ];
}
