import { commandSubjects, NetworkPolicyQuery, querySubjects } from '@slipway/contracts';
import type { NetworkPolicies } from '@slipway/domain';
import { answerOnce, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import type { RunningService } from '@slipway/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  CreateNamespaceMessage,
  GiveRoleMessage,
  namespaceDesk,
  RemoveMemberMessage,
  SetQuotaMessage,
  UpdateNamespaceMessage,
} from './change-namespaces.js';

import { ChooseNetworkPolicyMessage, networkPolicyDesk } from './network-policy.js';

export interface NamespaceParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly nats: NatsConnection;
  readonly networkPolicies: NetworkPolicies;
  /** What every command of the service has in common. */
  readonly common: { readonly queue: string; readonly onError: (error: unknown, subject: string) => void };
}

/** Answers the commands about namespaces and their members. */
export function serveNamespaces(parts: NamespaceParts): readonly RunningService[] {
  const { store, clock, nats, common } = parts;
  const { show, choose } = networkPolicyDesk(parts);
  const { create, update, giveRole, removeMember, setQuota } = namespaceDesk({ store, clock });
  return [
    serve(nats, {
      ...common,
      subject: commandSubjects.createNamespace,
      schema: CreateNamespaceMessage,
      handle: answerOnce({ store, clock }, create),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.updateNamespace,
      schema: UpdateNamespaceMessage,
      handle: update,
    }),
    serve(nats, { ...common, subject: querySubjects.networkPolicy, schema: NetworkPolicyQuery, handle: show }),
    serve(nats, {
      ...common,
      subject: commandSubjects.chooseNetworkPolicy,
      schema: ChooseNetworkPolicyMessage,
      handle: choose,
    }),
    serve(nats, { ...common, subject: commandSubjects.giveRole, schema: GiveRoleMessage, handle: giveRole }),
    serve(nats, {
      ...common,
      subject: commandSubjects.removeMember,
      schema: RemoveMemberMessage,
      handle: removeMember,
    }),
    serve(nats, { ...common, subject: commandSubjects.setQuota, schema: SetQuotaMessage, handle: setQuota }),
  ];
}
