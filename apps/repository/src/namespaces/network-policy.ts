import {
  ChooseNetworkPolicyCommand,
  commandEnvelope,
  streams,
  type NetworkPolicyQuery,
  type NetworkPolicyView,
} from '@slipway/contracts';
import { loosestFor, namespace, policyNow, type NetworkPolicies } from '@slipway/domain';
import { commandHandler, loadState, namespaceCodec, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { contextOf } from '../repositories/reply.js';

export const ChooseNetworkPolicyMessage = commandEnvelope(ChooseNetworkPolicyCommand);
export type ChooseNetworkPolicyMessage = z.infer<typeof ChooseNetworkPolicyMessage>;

export interface NetworkPolicyParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly networkPolicies: NetworkPolicies;
}

/** Safe to run twice. */
export interface NetworkPolicyDesk {
  /** A namespace that is not there has the default. @throws STORE_UNAVAILABLE */
  readonly show: (query: NetworkPolicyQuery) => Promise<NetworkPolicyView>;
  /** @throws NAMESPACE_NOT_FOUND, NETWORK_POLICY_CLOSED, STORE_UNAVAILABLE */
  readonly choose: (message: ChooseNetworkPolicyMessage) => Promise<NetworkPolicyView>;
}

export function networkPolicyDesk({ store, clock, networkPolicies }: NetworkPolicyParts): NetworkPolicyDesk {
  const handle = commandHandler(store, namespace, namespaceCodec);
  const show = async ({ namespace: name }: NetworkPolicyQuery): Promise<NetworkPolicyView> => {
    const parts = { store, decider: namespace, codec: namespaceCodec };
    const { state } = await loadState(parts, streams.namespace(name));
    const chosen = state.phase === 'present' ? state.networkPolicy : null;
    return {
      namespace: name,
      policy: policyNow(chosen, networkPolicies),
      chosen,
      default_policy: networkPolicies.initial,
      loosest_policy: networkPolicies.loosest,
    };
  };
  return {
    show,
    choose: async ({ command: { namespace: name, body, bySystem }, ...sender }) => {
      const loosest = loosestFor(bySystem, networkPolicies);
      const data = { namespace: name, policy: body.policy, loosest, by: sender.actor, at: clock.now() };
      const stream = streams.namespace(name);
      await handle(stream, { type: 'ChooseNetworkPolicy', data }, contextOf(sender, data.at));
      return show({ namespace: name });
    },
  };
}
