export {
  AgentDrain,
  AgentHeartbeat,
  AgentId,
  AgentLabels,
  AgentLook,
  AgentTraits,
  PauseReason,
} from './agent/heartbeat.js';
export {
  AgentListQuery,
  AgentListReply,
  AGENTS_A_PAGE,
  AgentState,
  AgentView,
  DrainAgentRequest,
} from './agent/view.js';
export { RequestBuildBody } from './build/body.js';
export { BuildEvent, BuildStep, Phase, TagResult, type BuildEventOf } from './build/events.js';
export { BitbucketPush, GitHubPush } from './delivery/payloads.js';
export { DeliveryEvent, type DeliveryEventOf } from './delivery/events.js';
export {
  DeliveryStatus,
  DeliveryView,
  IssuedWebhookView,
  MatchedRefView,
  ReconcileView,
  ReplayView,
  SkippedRefView,
  WebhookAnswerView,
  WebhookView,
} from './delivery/view.js';
export { WebhookReserved } from './delivery/webhook-events.js';
export {
  DeliveryReply,
  IssueWebhookCommand,
  ReceiveDeliveryCommand,
  ReconcileCommand,
  ReconcileReply,
  ReplayDeliveryCommand,
} from './messages/deliveries.js';
export { WebhookCode } from './repository/webhook-code.js';
export { RefChange } from './delivery/ref-change.js';
export { ObservedRef, RefsEvent } from './delivery/refs-events.js';
export { SKIP_REASONS, SkipReason } from './delivery/skip-reason.js';
export { Failure, FAILURES, FailureCode } from './build/failure.js';
export { BuildEventView, BuildHistoryView } from './build/history.js';
export { needsOf, suits, type BuildNeeds } from './build/needs.js';
export { BuildPlace, BuildPlaceQuery, BuildPlaceReply, BuildQueueView, WaitingReason } from './build/queue.js';
export { DEFAULT_PRIORITY, Priority } from './build/priority.js';
export { BuildSpec, Trigger } from './build/spec.js';
export { BuildStepView, STEP_AT, stepAtOfBuild } from './build/steps.js';
export { BuildListItem, BuildState, BuildStatus, BuildView, ShownBuildView, StepView } from './build/view.js';
export { CodeHostTokenBody, StatusHost } from './code-host-token/body.js';
export { CodeHostTokenEvent } from './code-host-token/events.js';
export { CodeHostTokensView, CodeHostTokenView } from './code-host-token/view.js';
export { PinHostKeysBody } from './host-key/body.js';
export { HostKeyEvent } from './host-key/events.js';
export { HostName } from './host-key/host-name.js';
export { CodeHostsView, CodeHostView, HostKeysView } from './host-key/view.js';
export { DEAD_LETTER_HEADER, DeadLetter } from './dead-letter/dead-letter.js';
export {
  DEAD_LETTERS_A_PAGE,
  DeadLetterDetail,
  DeadLetterId,
  DeadLetterListQuery,
  DeadLetterListReply,
  DeadLetterQuery,
  DeadLetterReplay,
  DeadLetterRequest,
  DeadLetterView,
} from './dead-letter/view.js';
export { ErrorEntryView, ErrorsView } from './error/view.js';
export { HookBody, Topic } from './hook/body.js';
export { HookEvent } from './hook/events.js';
export { AddedHookView, HookDeliveryStatus, HookDeliveryView, HookView } from './hook/view.js';
export {
  decodeLogChunk,
  encodeLogChunk,
  MAX_LINE_BYTES,
  summarizeLogChunk,
  type LogChunkSummary,
} from './log/chunk.js';
export type { BuildLogEvent } from './log/events.js';
export { FollowedEnd, FollowedEvent, FollowedLine, FollowedStatus } from './log/followed.js';
export { LogLevel, LogLineView, type LogLine } from './log/line.js';
export {
  ClaimReply,
  ClaimRequest,
  type Claimant,
  Control,
  Job,
  LastWord,
  Lease,
  LOG_CHUNK_HEADER,
  LogChunkHeader,
  PublishReply,
  PublishRequest,
  RenewReply,
  Report,
  type ReportOf,
} from './messages/agent.js';
export {
  CodeHostTokensQuery,
  CodeHostTokensReply,
  RemoveCodeHostTokenCommand,
  SetCodeHostTokenCommand,
} from './messages/code-host-tokens.js';
export { AddHookCommand, ChangeHookCommand, RemoveHookCommand, ReplayHookDeliveryCommand } from './messages/hooks.js';
export {
  ChangeBuildConfigCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  EndBuildCommand,
  RebuildCommand,
  RequestBuildCommand,
  RotateDeployKeyCommand,
  UpdateRepositoryCommand,
} from './messages/commands.js';
export { commandEnvelope, CommandReply, Idempotency, type PositionedEvent } from './messages/envelope.js';
export { DeployKeyQuery, DeployKeyReply, DeployKeyRequest, SealedBox } from './messages/deploy-key.js';
export { HostKeysReply, PinHostKeysCommand, UnpinHostKeysCommand } from './messages/host-keys.js';
export {
  ChooseNetworkPolicyCommand,
  CreateNamespaceCommand,
  GiveRoleCommand,
  NetworkPolicyQuery,
  RemoveMemberCommand,
  SetQuotaCommand,
  UpdateNamespaceCommand,
} from './messages/namespaces.js';
export {
  BuildSecretsReply,
  BuildSecretsRequest,
  RegistryCredentialsQuery,
  RemoveRegistryCredentialCommand,
  RemoveSecretCommand,
  SecretsQuery,
  SecretValuesQuery,
  SetRegistryCredentialCommand,
  SetSecretCommand,
} from './messages/secrets.js';
export { OpenBuildsReply, OpenBuildsRequest } from './messages/open-builds.js';
export { BuildEventsQuery, BuildEventsReply, RecordedEvent } from './messages/queries.js';
export {
  agentSubjects,
  commandSubjects,
  PARTITIONS,
  partitionOf,
  querySubjects,
  subjects,
} from './messages/subjects.js';
export {
  ActorName,
  actorOf,
  BuildId,
  BuildNode,
  CommitId,
  Digest,
  ImageTag,
  ImageTagTemplate,
  Instant,
  Namespace,
  namespaceOfRobot,
  ownTags,
  publicTagOfStream,
  repositoryOfStream,
  RepoName,
  RobotLabel,
  robotName,
  streams,
  UserName,
} from './names.js';
export { CreateNamespaceBody, MemberBody, UpdateNamespaceBody } from './namespace/body.js';
export { NamespaceEvent, NamespaceKind } from './namespace/events.js';
export { NamespaceQuota, QuotaBody } from './namespace/quota.js';
export { NetworkPolicy, NetworkPolicyBody, networkPolicyEnv, NetworkPolicyView } from './namespace/network-policy.js';
export { Role } from './namespace/role.js';
export { MemberView, NamespaceView } from './namespace/view.js';
export {
  NotificationEvent,
  NotificationTarget,
  TargetAnswer,
  type NotificationEventOf,
} from './notification/events.js';
export {
  BuildConfigBody,
  ChangeBuildConfigBody,
  ChangeTagConfigBody,
  CreateRepositoryBody,
  TagConfigBody,
  UpdateRepositoryBody,
} from './repository/body.js';
export {
  codeHostApiBases,
  codeHostApiEnv,
  codeHostBases,
  codeHostEnv,
  codeHostSshBases,
} from './repository/code-host-env.js';
export { CodeHostName, CodeSource } from './repository/code-source.js';
export { RepositoryEvent, SealedKey } from './repository/events.js';
export { RefName } from './repository/body.js';
export { RefType, TagConfig, VersionTagging } from './repository/tag-config.js';
export { BuildConfigView, RepositoryView, TagConfigView } from './repository/view.js';
export { Answer, RequestEvent } from './request/events.js';
export { CreateRobotBody } from './robot/body.js';
export { RobotEvent } from './robot/events.js';
export { CreatedRobotView, RobotView } from './robot/view.js';
export { SetRegistryCredentialBody, SetSecretBody } from './secret/body.js';
export { SecretEvent } from './secret/events.js';
export { RegistryHost, SecretName } from './secret/names.js';
export { RegistryCredentialsView, RegistryCredentialView, SecretsView, SecretView } from './secret/view.js';
export { PublicTagEvent } from './tag/events.js';
export { PublicTagView } from './tag/view.js';
export {
  ChangePasswordBody,
  CreateTokenBody,
  CreateUserBody,
  GenerateTokenBody,
  NewPassword,
  UpdateProfileBody,
  UpdateUserBody,
} from './user/body.js';
export { Identity, IdentityLinked, PasswordHash, TokenHash, UserEvent } from './user/events.js';
export { Scope } from './user/scope.js';
export { CreatedTokenView, GeneratedTokenView, ProfileView, TokenView, UserView } from './user/view.js';
export { LoginCommand, LoginReply } from './messages/login.js';
export {
  ChangePasswordCommand,
  CreateRobotCommand,
  CreateUserCommand,
  IssueTokenCommand,
  RemoveRobotCommand,
  RevokeTokenCommand,
  SignInCommand,
  SignInReply,
  UpdateUserCommand,
} from './messages/users.js';
export { QuotaQuery, QuotaView } from './messages/quota.js';
