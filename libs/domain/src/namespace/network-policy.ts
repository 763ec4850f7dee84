import { NetworkPolicy } from '@slipway/contracts';

/** What the operator has said. */
export interface NetworkPolicies {
  /** Where nobody has chosen. */
  readonly initial: NetworkPolicy;
  /** For everybody, whatever was chosen before. */
  readonly loosest: NetworkPolicy;
}

const looseness = (policy: NetworkPolicy): number => NetworkPolicy.options.indexOf(policy);

export const isLooser = (one: NetworkPolicy, other: NetworkPolicy): boolean => looseness(one) > looseness(other);

export const stricterOf = (one: NetworkPolicy, other: NetworkPolicy): NetworkPolicy =>
  isLooser(one, other) ? other : one;

/** Of a build that is asked for now. What the operator has closed since a policy was chosen is closed. */
export const policyNow = (chosen: NetworkPolicy | null, { initial, loosest }: NetworkPolicies): NetworkPolicy =>
  stricterOf(chosen ?? initial, loosest);

/** What may be chosen: a tenant opens nothing beyond what the operator gives to all; who runs the system may. */
export const loosestFor = (bySystem: boolean, { initial, loosest }: NetworkPolicies): NetworkPolicy =>
  bySystem ? loosest : stricterOf(initial, loosest);
