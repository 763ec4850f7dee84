import type { NamespaceEvent, NamespaceKind, NamespaceQuota, NetworkPolicy, Role } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';
import { isLooser } from './network-policy.js';

/** Whose a name is. The first to claim it keeps it: a user and an organisation never share one. */
export type NamespaceState =
  | { readonly phase: 'absent' }
  | {
      readonly phase: 'present';
      readonly kind: NamespaceKind;
      readonly description: string;
      /** By the names of users. */
      readonly members: ReadonlyMap<string, Role>;
      readonly quota: NamespaceQuota;
      /** Null: the operator's default. */
      readonly networkPolicy: NetworkPolicy | null;
    };
type Present = Extract<NamespaceState, { phase: 'present' }>;

interface Named {
  readonly namespace: string;
  /** Null: it is found to be so, and nobody wishes it. */
  readonly by: string | null;
  readonly at: string;
}

export type NamespaceCommand =
  /** Of a user who is, or is about to be. Says nothing when somebody has the name: the state tells who. */
  | { readonly type: 'ClaimForUser'; readonly data: Named }
  /** Makes an organisation of a name that nobody has, for a repository that is, or is about to be, in it. */
  | { readonly type: 'EnsureNamespace'; readonly data: Named }
  | {
      readonly type: 'CreateOrganisation';
      readonly data: Named & { readonly by: string; readonly description: string };
    }
  | { readonly type: 'DescribeNamespace'; readonly data: Named & { readonly description: string } }
  | { readonly type: 'GiveRole'; readonly data: Named & { readonly username: string; readonly role: Role } }
  | { readonly type: 'RemoveMember'; readonly data: Named & { readonly username: string } }
  | { readonly type: 'SetQuota'; readonly data: Named & { readonly quota: NamespaceQuota } }
  | {
      readonly type: 'ChooseNetworkPolicy';
      readonly data: Named & { readonly policy: NetworkPolicy | null; readonly loosest: NetworkPolicy };
    };

const NO_QUOTA: NamespaceQuota = { queuedBuilds: null, runningBuilds: null, buildMinutes: null, logBytes: null };

export const namespace: Decider<NamespaceState, NamespaceCommand, NamespaceEvent> = {
  initial: { phase: 'absent' },

  decide: (command, state) => {
    switch (command.type) {
      case 'ClaimForUser':
        return state.phase === 'absent' ? ownNamespace(command.data) : [];
      case 'EnsureNamespace':
        return state.phase === 'absent' ? organisation({ ...command.data, description: '' }) : [];
      case 'CreateOrganisation':
        if (state.phase !== 'absent') throw new AppError('NAMESPACE_EXISTS', { name: command.data.namespace });
        return organisation(command.data);
      case 'DescribeNamespace':
        return describe(command.data, present(state, command.data));
      case 'GiveRole':
        return giveRole(command.data, present(state, command.data));
      case 'RemoveMember':
        return removeMember(command.data, present(state, command.data));
      case 'SetQuota':
        return setQuota(command.data, present(state, command.data));
      case 'ChooseNetworkPolicy':
        return choosePolicy(command.data, present(state, command.data));
    }
  },

  evolve: (state, { type, data }) => {
    if (type === 'NamespaceCreated')
      return {
        phase: 'present',
        kind: data.kind,
        description: data.description,
        members: new Map(),
        quota: NO_QUOTA,
        networkPolicy: null,
      };
    if (state.phase === 'absent') return state;
    switch (type) {
      case 'NamespaceDescribed':
        return { ...state, description: data.description };
      case 'RoleGiven':
        return { ...state, members: new Map(state.members).set(data.username, data.role) };
      case 'MemberRemoved':
        return { ...state, members: new Map([...state.members].filter(([name]) => name !== data.username)) };
      case 'QuotaSet':
        return { ...state, quota: data.quota };
      case 'NetworkPolicyChosen':
        return { ...state, networkPolicy: data.policy };
    }
  },
};

type Data<T extends NamespaceCommand['type']> = Extract<NamespaceCommand, { type: T }>['data'];

function ownNamespace(data: Named): readonly NamespaceEvent[] {
  return [
    { type: 'NamespaceCreated', data: { ...data, kind: 'user', description: '' } },
    { type: 'RoleGiven', data: { ...data, username: data.namespace, role: 'admin' } },
  ];
}

/** Whoever makes it is its first administrator. What nobody made has none but those of the system. */
function organisation({ description, ...named }: Named & { readonly description: string }): readonly NamespaceEvent[] {
  const created: NamespaceEvent = { type: 'NamespaceCreated', data: { ...named, kind: 'organisation', description } };
  const { by } = named;
  return by === null ? [created] : [created, { type: 'RoleGiven', data: { ...named, username: by, role: 'admin' } }];
}

function describe(data: Data<'DescribeNamespace'>, state: Present): readonly NamespaceEvent[] {
  return data.description === state.description ? [] : [{ type: 'NamespaceDescribed', data }];
}

function giveRole(data: Data<'GiveRole'>, state: Present): readonly NamespaceEvent[] {
  if (state.members.get(data.username) === data.role) return [];
  assertNotNeeded(data, state);
  return [{ type: 'RoleGiven', data }];
}

function removeMember(data: Data<'RemoveMember'>, state: Present): readonly NamespaceEvent[] {
  const { namespace: name, username } = data;
  if (!state.members.has(username)) throw new AppError('MEMBER_NOT_FOUND', { namespace: name, username });
  assertNotNeeded(data, state);
  return [{ type: 'MemberRemoved', data }];
}

function setQuota({ quota, ...named }: Data<'SetQuota'>, state: Present): readonly NamespaceEvent[] {
  const { queuedBuilds, runningBuilds, buildMinutes, logBytes } = quota;
  const before = state.quota;
  const isSame =
    before.queuedBuilds === queuedBuilds &&
    before.runningBuilds === runningBuilds &&
    before.buildMinutes === buildMinutes &&
    before.logBytes === logBytes;
  return isSame ? [] : [{ type: 'QuotaSet', data: { ...named, quota } }];
}

/** @throws NETWORK_POLICY_CLOSED */
function choosePolicy(
  { loosest, ...data }: Data<'ChooseNetworkPolicy'>,
  { networkPolicy }: Present,
): readonly NamespaceEvent[] {
  const { namespace: name, policy } = data;
  if (policy === networkPolicy) return [];
  if (policy !== null && isLooser(policy, loosest))
    throw new AppError('NETWORK_POLICY_CLOSED', { source: 'policy', namespace: name, policy, loosest });
  return [{ type: 'NetworkPolicyChosen', data }];
}

/** An owner stays one, and the last administrator makes another one first. @throws LAST_ADMIN */
function assertNotNeeded(data: { readonly namespace: string; readonly username: string }, state: Present): void {
  const { namespace: name, username } = data;
  const admins = [...state.members].filter(([, role]) => role === 'admin').map(([admin]) => admin);
  const isOwner = state.kind === 'user' && username === name;
  const isLast = admins.length === 1 && admins[0] === username;
  if (isOwner || isLast) throw new AppError('LAST_ADMIN', { namespace: name, username });
}

/** @throws NAMESPACE_NOT_FOUND */
function present(state: NamespaceState, { namespace: name }: Named): Present {
  if (state.phase === 'absent') throw new AppError('NAMESPACE_NOT_FOUND', { namespace: name });
  return state;
}
