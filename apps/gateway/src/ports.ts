import type { CodeHosts } from '@slipway/domain';
import type { ReadinessChecks } from '@slipway/platform';
import type { AgentDesk } from './agents/agents.js';
import type { CodeHostTokenDesk } from './code-host-tokens/code-host-tokens.js';
import type { DeadLetterDesk } from './dead-letters/dead-letters.js';
import type { HostKeyDesk } from './code-hosts/code-hosts.js';
import type { DeliveryDesk } from './webhooks/deliveries.js';
import type { Roles } from './auth/roles.js';
import type { SignIn } from './auth/sign-in.js';
import type { Tokens } from './auth/tokens.js';
import type { CommandBus } from './commands/command-bus.js';
import type { BuildHistory } from './builds/build-history.js';
import type { BuildPlaces } from './builds/build-places.js';
import type { NetworkPolicyDesk } from './namespaces/network-policies.js';
import type { QuotaDesk } from './quotas/quotas.js';
import type { SecretDesk } from './secrets/secrets.js';
import type { Limits } from './limits/limits.js';
import type { LogFollower } from './logs/follow-log.js';

/** What controllers are given. Nest finds a provider by its token: there is no metadata of types. */
export const AGENTS = Symbol('agents');
/** Messages that nobody could take in. */
export const DEAD_LETTERS = Symbol('dead letters');
export const COMMANDS = Symbol('commands');
export const READ_MODEL = Symbol('read model');
export const BUILD_HISTORY = Symbol('build history');
export const BUILD_PLACES = Symbol('places of builds');
export const LOG_FOLLOWER = Symbol('log follower');
export const HOST_KEYS = Symbol('host keys');
/** The way out to hosts that users name. */
export const EGRESS = Symbol('egress');
export const SECRETS = Symbol('secrets');
export const CODE_HOST_TOKENS = Symbol('code host tokens');
/** What users are in the namespaces of others. */
export const ROLES = Symbol('roles');
export const TOKENS = Symbol('tokens');
export const SIGN_IN = Symbol('sign in');
export const LIMITS = Symbol('limits');
export const NETWORK_POLICIES = Symbol('network policies');
export const DELIVERIES = Symbol('deliveries');
export const QUOTAS = Symbol('quotas');
export const SETTINGS = Symbol('settings');
export const API_DOCUMENT = Symbol('document of the API');

export interface Settings {
  readonly publicUrl: string | undefined;
  readonly hosts: CodeHosts;
  readonly checks: ReadinessChecks;
}

export type {
  AgentDesk,
  BuildHistory,
  BuildPlaces,
  CodeHostTokenDesk,
  CommandBus,
  DeadLetterDesk,
  DeliveryDesk,
  HostKeyDesk,
  Limits,
  LogFollower,
  NetworkPolicyDesk,
  QuotaDesk,
  Roles,
  SecretDesk,
  SignIn,
  Tokens,
};
