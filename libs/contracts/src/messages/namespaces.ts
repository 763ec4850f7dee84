import { z } from 'zod';
import { Namespace, UserName } from '../names.js';
import { QuotaBody } from '../namespace/quota.js';
import { CreateNamespaceBody, MemberBody, UpdateNamespaceBody } from '../namespace/body.js';
import { NetworkPolicyBody } from '../namespace/network-policy.js';

/** On `cmd.namespace.create`: an organisation, whose maker is its first admin. */
export const CreateNamespaceCommand = CreateNamespaceBody;
export type CreateNamespaceCommand = z.infer<typeof CreateNamespaceCommand>;

/** On `cmd.namespace.update`. */
export const UpdateNamespaceCommand = z.object({ namespace: Namespace, body: UpdateNamespaceBody });
export type UpdateNamespaceCommand = z.infer<typeof UpdateNamespaceCommand>;

const named = { namespace: Namespace, username: UserName };

/** On `cmd.namespace.give-role`. */
export const GiveRoleCommand = z.object({ ...named, body: MemberBody });
export type GiveRoleCommand = z.infer<typeof GiveRoleCommand>;

/** On `cmd.namespace.choose-network-policy`; it and the query are answered with `NetworkPolicyView`. */
export const ChooseNetworkPolicyCommand = z.object({
  namespace: Namespace,
  body: NetworkPolicyBody,
  /** Whether an administrator of the system wishes it. */
  bySystem: z.boolean(),
});
export type ChooseNetworkPolicyCommand = z.infer<typeof ChooseNetworkPolicyCommand>;

/** On `query.namespace.network-policy`. */
export const NetworkPolicyQuery = z.object({ namespace: Namespace });
export type NetworkPolicyQuery = z.infer<typeof NetworkPolicyQuery>;

/** On `cmd.namespace.remove-member`. */
export const RemoveMemberCommand = z.object(named);
export type RemoveMemberCommand = z.infer<typeof RemoveMemberCommand>;

/** On `cmd.namespace.set-quota`. */
export const SetQuotaCommand = z.object({ namespace: Namespace, body: QuotaBody });
export type SetQuotaCommand = z.infer<typeof SetQuotaCommand>;
