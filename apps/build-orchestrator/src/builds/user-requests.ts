import type { NatsConnection } from '@nats-io/transport-node';
import {
  actorOf,
  BuildEventsQuery,
  commandEnvelope,
  commandSubjects,
  EndBuildCommand,
  querySubjects,
  RebuildCommand,
  RequestBuildCommand,
} from '@slipway/contracts';
import type { CodeHosts } from '@slipway/domain';
import { answerOnce, type CommandContext } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { serve, type Service } from '@slipway/messaging';
import type { z } from 'zod';
import type { LogDesk } from '../logs/log-desk.js';
import { readBuildEvents } from './build-events.js';
import { endBuild } from './end-build.js';
import { hintHolder } from './hint-holder.js';
import { rebuild } from './rebuild.js';
import { requestBuild, type RequestDesk } from './request-build.js';

export interface UserRequestParts extends RequestDesk {
  readonly nats: NatsConnection;
  readonly logs: LogDesk;
  readonly hosts: CodeHosts;
  readonly clock: Clock;
}

const RequestBuildMessage = commandEnvelope(RequestBuildCommand);
const RebuildMessage = commandEnvelope(RebuildCommand);
const EndBuildMessage = commandEnvelope(EndBuildCommand);
type RequestBuildMessage = z.infer<typeof RequestBuildMessage>;
type RebuildMessage = z.infer<typeof RebuildMessage>;

/** What users ask of builds, by way of a gateway. A build's id is the id of the command that asked for it. */
export function answerUsers(
  { nats, logs, hosts, clock, ...desk }: UserRequestParts,
  common: Pick<Service<unknown>, 'queue' | 'onError'>,
): readonly { readonly stop: () => Promise<void> }[] {
  const { store, builds } = desk;
  return [
    serve(nats, {
      ...common,
      subject: commandSubjects.requestBuild,
      schema: RequestBuildMessage,
      handle: answerOnce({ store, clock }, (message: RequestBuildMessage) => {
        const command = { ...message.command, buildId: message.commandId };
        // Nobody says it twice: its id was made for this one request.
        const isFirst = command.trigger === undefined && message.idempotency === undefined;
        return requestBuild({ ...desk, hosts }, command, { ...contextOf(message, clock), isFirst });
      }),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.rebuild,
      schema: RebuildMessage,
      handle: answerOnce({ store, clock }, (message: RebuildMessage) => {
        const command = { ...message.command, buildId: message.commandId };
        return rebuild(desk, command, contextOf(message, clock));
      }),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.endBuild,
      schema: EndBuildMessage,
      handle: (message) => {
        const parts = { store, builds, logs, hintHolder: (buildId: string) => hintHolder(nats, buildId) };
        return endBuild(parts, message.command, contextOf(message, clock));
      },
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
  { commandId, actor, correlationId }: Omit<RequestBuildMessage, 'command'>,
  clock: Clock,
): CommandContext & { readonly requestedBy: string } => ({
  commandId,
  correlationId,
  at: clock.now(),
  actor: actorOf(actor),
  requestedBy: actor,
});
