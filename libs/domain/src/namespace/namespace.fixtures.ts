import type { NamespaceEvent, NamespaceQuota, Role } from '@slipway/contracts';
import type { NamespaceCommand } from './namespace.js';

const at = '2026-11-23T10:00:00.000Z';

/** Of `name`, done by `by`. */
const named = (by: string | null, name = 'team') => ({ namespace: name, by, at });

export const createOrganisation = (by = 'olga'): NamespaceCommand => ({
  type: 'CreateOrganisation',
  data: { ...named(by), by, description: 'We' },
});
export const ensureNamespace = (by: string | null = 'root'): NamespaceCommand => ({
  type: 'EnsureNamespace',
  data: named(by),
});
export const claimForUser = (name = 'alice'): NamespaceCommand => ({ type: 'ClaimForUser', data: named(null, name) });
export const describeNamespace = (description: string): NamespaceCommand => ({
  type: 'DescribeNamespace',
  data: { ...named('olga'), description },
});
export const giveRole = (username: string, role: Role, name = 'team'): NamespaceCommand => ({
  type: 'GiveRole',
  data: { ...named('olga', name), username, role },
});
export const removeMember = (username: string, name = 'team'): NamespaceCommand => ({
  type: 'RemoveMember',
  data: { ...named('olga', name), username },
});

export const created = (by: string | null = 'olga', description = 'We'): NamespaceEvent => ({
  type: 'NamespaceCreated',
  data: { ...named(by), kind: 'organisation', description },
});
export const described = (description: string): NamespaceEvent => ({
  type: 'NamespaceDescribed',
  data: { ...named('olga'), description },
});
export const given = (username: string, role: Role, by: string | null = 'olga', name = 'team'): NamespaceEvent => ({
  type: 'RoleGiven',
  data: { ...named(by, name), username, role },
});
export const removed = (username: string): NamespaceEvent => ({
  type: 'MemberRemoved',
  data: { ...named('olga'), username },
});

const NOTHING: NamespaceQuota = { queuedBuilds: null, runningBuilds: null, buildMinutes: null, logBytes: null };
/** By an administrator of the system. */
export const setQuota = (quota: Partial<NamespaceQuota>): NamespaceCommand => ({
  type: 'SetQuota',
  data: { ...named('root'), quota: { ...NOTHING, ...quota } },
});
export const quotaSet = (quota: Partial<NamespaceQuota>): NamespaceEvent => ({
  type: 'QuotaSet',
  data: { ...named('root'), quota: { ...NOTHING, ...quota } },
});

/** The organisation `team`, whose administrator is olga. */
export const team: readonly NamespaceEvent[] = [created(), given('olga', 'admin')];
/** Alice's own namespace. */
export const own: readonly NamespaceEvent[] = [
  { type: 'NamespaceCreated', data: { ...named(null, 'alice'), kind: 'user', description: '' } },
  given('alice', 'admin', null, 'alice'),
];
