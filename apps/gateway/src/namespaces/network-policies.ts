import {
  commandSubjects,
  NetworkPolicyView,
  querySubjects,
  type ChooseNetworkPolicyCommand,
  type NetworkPolicyQuery,
} from '@slipway/contracts';
import { request } from '@slipway/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Sender } from '../commands/sender.js';

/** The repository service's word on what the builds of a namespace may reach. All throw SERVICE_UNAVAILABLE. */
export interface NetworkPolicyDesk {
  readonly of: (namespace: string) => Promise<NetworkPolicyView>;
  /** @throws NAMESPACE_NOT_FOUND, NETWORK_POLICY_CLOSED */
  readonly choose: (command: ChooseNetworkPolicyCommand, sender: Sender) => Promise<NetworkPolicyView>;
}

export const networkPolicyDesk = (nats: NatsConnection): NetworkPolicyDesk => ({
  of: (namespace) => {
    const query: NetworkPolicyQuery = { namespace };
    return request(nats, querySubjects.networkPolicy, query, { reply: NetworkPolicyView });
  },
  choose: (command, sender) =>
    request(nats, commandSubjects.chooseNetworkPolicy, { ...sender, command }, { reply: NetworkPolicyView }),
});
