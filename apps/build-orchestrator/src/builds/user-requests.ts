import type { NatsConnection } from '@nats-io/transport-node';
import {
  BuildEventsQuery,
  commandEnvelope,
  commandSubjects,
  querySubjects,
  RebuildCommand,
  RequestBuildCommand,
} from '@slipway/contracts';
import type { CodeHosts } from '@slipway/domain';
import { answerOnce, type CommandContext, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { serve, type Service } from '@slipway/messaging';
import type { z } from 'zod';
import { readBuildEvents } from './build-events.js';
import type { BuildDesk } from './build-desk.js';
import { rebuild } from './rebuild.js';
import { requestBuild } from './request-build.js';

export interface UserRequestParts {
  readonly nats: NatsConnection;
  readonly store: EventStore;
  readonly builds: BuildDesk;
  readonly hosts: CodeHosts;
  readonly clock: Clock;
}

const RequestBuildMessage = commandEnvelope(RequestBuildCommand);
const RebuildMessage = commandEnvelope(RebuildCommand);
type RequestBuildMessage = z.infer<typeof RequestBuildMessage>;
type RebuildMessage = z.infer<typeof RebuildMessage>;

/** What users ask of builds, by way of a gateway. A build's id is the id of the command that asked for it. */
export function answerUsers(
  { nats, store, builds, hosts, clock }: UserRequestParts,
  common: Pick<Service<unknown>, 'queue' | 'onError'>,
): readonly { readonly stop: () => Promise<void> }[] {
  return [
    serve(nats, {
      ...common,
      subject: commandSubjects.requestBuild,
      schema: RequestBuildMessage,
      handle: answerOnce({ store, clock }, (message: RequestBuildMessage) => {
        const command = { ...message.command, buildId: message.commandId };
        return requestBuild({ store, builds, hosts }, command, contextOf(message, clock));
      }),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.rebuild,
      schema: RebuildMessage,
      handle: answerOnce({ store, clock }, (message: RebuildMessage) => {
        const command = { ...message.command, buildId: message.commandId };
        return rebuild({ store, builds }, command, contextOf(message, clock));
      }),
    }),
    serve(nats, {
      ...common,
      subject: querySubjects.buildEvents,
      schema: BuildEventsQuery,
      handle: (query) => readBuildEvents(store, query),
    }),
  ];
}

const contextOf = (
  { commandId, actor, correlationId, traceparent }: RequestBuildMessage | RebuildMessage,
  clock: Clock,
): CommandContext & { readonly requestedBy: string } => ({
  commandId,
  correlationId,
  ...(traceparent === undefined ? {} : { traceparent }),
  at: clock.now(),
  actor: `user:${actor}`,
  requestedBy: actor,
});
