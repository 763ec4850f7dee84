export { agentsThatGaveUp, MAX_ATTEMPTS, type LostAttempt } from './build/attempts.js';
export { assertSuits } from './build/assert-suits.js';
export { build, type Build, type Pushed } from './build/build.js';
export type { BuildCommand, BuildCommandData } from './build/commands.js';
export { expectedStart, turnsUntilStart, type QueuePlace } from './build/expected-start.js';
export { publicTagsOf, versionTagOf } from './build/version-tag.js';
export {
  codeHostTokens,
  type CodeHostToken,
  type CodeHostTokenCommand,
  type CodeHostTokens,
} from './code-host-token/code-host-token.js';
export { hooks, type Hook, type HookCommand, type Hooks } from './hook/hook.js';
export { buildLog, type BuildLog, type BuildLogCommand } from './log/build-log.js';
export { namespace, type NamespaceCommand, type NamespaceState } from './namespace/namespace.js';
export { loosestFor, policyNow, type NetworkPolicies } from './namespace/network-policy.js';
export {
  notification,
  targetKey,
  type Notification,
  type NotificationCommand,
  type PresentNotification,
} from './notification/notification.js';
export { publicTag, type MoveTag, type PublicTag } from './tag/public-tag.js';
export { hostKeys, type HostKeyCommand, type HostKeys, type PinnedHost } from './host-key/host-keys.js';
export { codeHostApis, type CodeHostApis } from './code-host/code-host-api.js';
export { codeHosts, locateCode, refPage, type CodeHosts, type CodeLocation } from './code-host/code-host.js';
export {
  delivery,
  skippedRef,
  type Delivery,
  type DeliveryCommand,
  type DeliveryRun,
  type SkippedRef,
} from './delivery/delivery.js';
export { isFound, observedRefs, type ObservedRefs, type RefsCommand } from './delivery/observed-refs.js';
export { eventOf, fullRefName, pushOf, type Told } from './delivery/push.js';
export { webhookReservation, type ReservedWebhook } from './delivery/webhook-reservation.js';
export { wantedBuilds, type UnwantedRef, type Wanted, type WantedBuild } from './delivery/wanted-builds.js';
export { chosenRule, type ChosenRule } from './ref/chosen-rule.js';
export { rulesFor, type PushedRef, type RuleOutcome } from './ref/ref-rules.js';
export { buildConfigRevision } from './repository/change.js';
export type {
  BeginDeletion,
  ChangeBuildConfig,
  CreateRepository,
  DescribeRepository,
  FinishDeletion,
  RepositoryCommand,
  RepositoryContent,
  TagConfigChange,
} from './repository/commands.js';
export { repository, type PresentRepository, type Repository } from './repository/repository.js';
export {
  mayActForUser,
  mayAdminister,
  mayBuild,
  mayLeave,
  mayRead,
  maySeeInside,
  roleIn,
  type Caller,
} from './user/policy.js';
export { identity, type LinkedIdentity, type LinkIdentity } from './identity/identity.js';
export {
  secrets,
  secretsOf,
  secretsSeenBy,
  type Secrets,
  type SecretCommand,
  type StoredCredential,
  type StoredSecret,
} from './secret/secrets.js';
export { robots, type RobotCommand, type Robots } from './robot/robots.js';
export { standingOf, standings, type Standing, type StandingCommand, type Standings } from './user/standing.js';
export type { IssueToken, UserCommand } from './user/commands.js';
export { user, type IssuedToken, type PresentUser, type User } from './user/user.js';
