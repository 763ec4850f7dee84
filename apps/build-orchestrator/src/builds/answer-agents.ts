import type { NatsConnection } from '@nats-io/transport-node';
import { ClaimRequest, commandSubjects, Lease, PublishRequest } from '@slipway/contracts';
import type { EventStore } from '@slipway/event-store';
import { serve, type Service } from '@slipway/messaging';
import type { imageNaming } from '../tags/own-tag.js';
import type { tagDesk } from '../tags/tag-desk.js';
import { askHolder, claimBuild, renewLease, type ClaimDesk } from './claim.js';
import { ClaimLine } from './claim-line.js';
import { publishBuild } from './publish.js';
import { repositoryStands } from './repository-stands.js';

interface Desks extends Pick<ClaimDesk, 'builds' | 'logs' | 'quotas' | 'elsewhere' | 'clock'> {
  readonly nats: NatsConnection;
  readonly store: EventStore;
  readonly nameImage: ReturnType<typeof imageNaming>;
  readonly moveTag: ReturnType<typeof tagDesk>;
}

/** Answers what agents ask about their leases: may I have the build, is it still mine, move the tags. */
export function answerAgents(
  { nats, store, nameImage, moveTag, ...desks }: Desks,
  common: Pick<Service<unknown>, 'queue' | 'onError'>,
): readonly { readonly stop: () => Promise<void> }[] {
  const { builds, clock } = desks;
  const claimDesk: ClaimDesk = {
    ...desks,
    repositoryStands: (spec, buildId) => repositoryStands(store, spec, buildId),
    isAlive: askHolder(nats),
  };
  const claims = new ClaimLine((claimant, assertWanted) => claimBuild(claimDesk, claimant, assertWanted));
  return [
    serve(nats, {
      ...common,
      subject: commandSubjects.claimBuild,
      schema: ClaimRequest,
      handle: (asked) => claims.ask(asked),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.renewLease,
      schema: Lease,
      handle: (lease) => renewLease(builds, lease),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.publishBuild,
      schema: PublishRequest,
      handle: (publish) => publishBuild({ store, builds, nameImage, moveTag, clock }, publish),
    }),
  ];
}
