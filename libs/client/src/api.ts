/**
 * Made by `npm run client` from the document of the API. A change is made there: in `libs/contracts`, or in a
 * `@Describe` of the gateway.
 */

export type AddedHookView = {
  readonly id: string;
  readonly url: string;
  readonly events: Topic[];
  readonly is_active: boolean;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** Key of `X-Slipway-Signature-256`. Shown now and never again. */
  readonly secret: string;
};

export type AgentState = 'ready' | 'paused' | 'draining' | 'stopped' | 'lost';

export type AgentView = {
  readonly id: string;
  /** One life of a process. */
  readonly instance_id: string;
  /** Another live agent has the same id: one of them must be given its own. */
  readonly shares_id: boolean;
  /** `ready` takes jobs; `paused` takes none for now; `draining` takes none and goes on with what it has; `stopped` said that it ends; `lost` was not heard for 15 s. */
  readonly state: AgentState;
  /** Why it takes no jobs. */
  readonly paused_by: PauseReason[];
  readonly draining: boolean;
  readonly version: string;
  readonly build_nodes: string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Those that it can hold builds to. */
  readonly network_policies: NetworkPolicy[];
  /** Builds at once. */
  readonly slots: number;
  /** Those it is at. */
  readonly builds: string[];
  /** Where it has the least; null: not measured. */
  readonly free_disk_bytes: number | null;
  readonly started_at: string;
  readonly last_seen: string;
};

export type BuildConfigBody = {
  readonly code_repo_client: 'GitHub' | 'Bitbucket' | 'OSChina' | 'GitCafe';
  readonly code_repo_namespace: string;
  readonly code_repo_name: string;
  /** Region whose agents run the builds. */
  readonly build_node?: string | undefined;
  /** Labels that an agent has to have, with these values, to run the builds; `GET /v1/agents` tells what they have. */
  readonly agent_labels?: Readonly<Record<string, string>> | undefined;
  /** Mail the owner when a build ends. */
  readonly email_enabled?: boolean | undefined;
  /** How often refs are compared with what webhooks told of, in seconds; 0: never; null: as the service does. */
  readonly reconcile_interval?: 0 | number | null | undefined;
  readonly tag_configs: TagConfigBody[];
} | {
  readonly code_repo_client: 'Simple';
  readonly code_repo_clone_url: string;
  /** Region whose agents run the builds. */
  readonly build_node?: string | undefined;
  /** Labels that an agent has to have, with these values, to run the builds; `GET /v1/agents` tells what they have. */
  readonly agent_labels?: Readonly<Record<string, string>> | undefined;
  /** Mail the owner when a build ends. */
  readonly email_enabled?: boolean | undefined;
  /** How often refs are compared with what webhooks told of, in seconds; 0: never; null: as the service does. */
  readonly reconcile_interval?: 0 | number | null | undefined;
  readonly tag_configs: TagConfigBody[];
};

export type BuildConfigView = {
  readonly id: number;
  readonly docker_repo_path: string;
  readonly code_repo_client: CodeHostName;
  readonly code_repo_path: string;
  /** Names the webhook of this build config; null without one, and for whoever may not build. */
  readonly code_repo_webhook_code: string | null;
  /** The deploy key, as OpenSSH prints it. */
  readonly code_repo_public_key: string;
  readonly created_by: string;
  /** Region whose agents run the builds. */
  readonly build_node: string;
  /** Labels that an agent has to have to run the builds. */
  readonly agent_labels: Readonly<Record<string, string>>;
  /** Mail the owner when a build ends. */
  readonly email_enabled: boolean;
  /** How often refs are compared, in seconds; 0: never; null: as the service does. */
  readonly reconcile_interval: number | null;
  /** Page of the code. */
  readonly code_repo_path_url: string | null;
  /** Page of the code host where the deploy key is to be installed. */
  readonly deploy_url: string | null;
  readonly tag_configs: TagConfigView[];
};

export type BuildEventView = {
  /** Place among the events of the build, from 0: what `as_of` takes. */
  readonly number: number;
  /** Place among all events. */
  readonly position: number;
  readonly type: string;
  readonly at: string;
  readonly actor: string;
  /** Id of the command that made it; events of one command share it. */
  readonly cause: string;
  /** The request it all began with: its `X-Request-Id`. */
  readonly correlation_id: string;
  readonly data: Readonly<Record<string, unknown>>;
};

export type BuildHistoryView = {
  readonly build_id: string;
  readonly events: BuildEventView[];
};

export type BuildListItem = {
  readonly build_id: string;
  readonly created_at: string;
  /** When an agent took it. */
  readonly started_at: string | null;
  readonly ended_at: string | null;
  /** Null until the branch or tag is resolved, unless a commit was asked for. */
  readonly code_head_commit: string | null;
  readonly code_repo_client: CodeHostName;
  /** Where the code is on its host; the clone URL for `Simple`. */
  readonly code_repo_path: string;
  readonly code_repo_type: RefType;
  /** Name of the branch or tag. */
  readonly code_repo_type_value: string;
  readonly created_by: string;
  /** First 12 hex digits. */
  readonly image_id: string | null;
  /** `namespace/repo_name`. */
  readonly docker_repo_path: string;
  readonly docker_repo_tag: string;
  /** The extra tag of `version_tagging` 1 or 2. */
  readonly docker_repo_version_tag: string | null;
  readonly dockerfile_location: string;
  /** W waiting, I in progress, S success, F failed, D ended without a result. */
  readonly status: BuildStatus;
  /** Finer than `status`. */
  readonly state: BuildState;
  /** By a push, not by a request. */
  readonly auto_created: boolean;
  readonly build_cache_enabled: boolean;
  readonly code_repo_http_url: string | null;
  readonly code_commit_http_url: string | null;
  readonly code_repo_branch_url: string | null;
  readonly detail: string;
};

export type BuildQueueView = {
  /** The next one has 1. Builds that get an agent before it are counted, of all namespaces in their turns; at `namespace_limit` those of its own. */
  readonly position: number;
  /** `namespace_limit`: its namespace has as many running as it may; `no_agent`: no live agent can take it; `agents_paused`: all that could take no jobs for now; `next_attempt`: an attempt was lost, the next agent is awaited; `next`: it is its turn; `agents_busy`: others are before it. The first that holds. */
  readonly waiting_reason: WaitingReason;
  /** A guess, from how long the last 20 builds of the repository that succeeded took; if none did, those that failed. Null: there is none, or no agent. */
  readonly expected_start: string | null;
};

export type BuildState =
  | 'queued'
  | 'starting'
  | 'cloning'
  | 'building'
  | 'pushing'
  | 'succeeded'
  | 'failed'
  | 'cancelling'
  | 'cancelled'
  | 'superseded';

export type BuildStatus = 'W' | 'I' | 'S' | 'F' | 'D';

export type BuildStepView = {
  readonly name: string;
  readonly from: number;
  readonly to: number;
};

export type BuildView = {
  readonly build_id: string;
  readonly created_at: string;
  /** When an agent took it. */
  readonly started_at: string | null;
  readonly ended_at: string | null;
  /** Null until the branch or tag is resolved, unless a commit was asked for. */
  readonly code_head_commit: string | null;
  readonly code_repo_client: CodeHostName;
  /** Where the code is on its host; the clone URL for `Simple`. */
  readonly code_repo_path: string;
  readonly code_repo_type: RefType;
  /** Name of the branch or tag. */
  readonly code_repo_type_value: string;
  readonly created_by: string;
  /** First 12 hex digits. */
  readonly image_id: string | null;
  /** `namespace/repo_name`. */
  readonly docker_repo_path: string;
  readonly docker_repo_tag: string;
  /** The extra tag of `version_tagging` 1 or 2. */
  readonly docker_repo_version_tag: string | null;
  readonly dockerfile_location: string;
  /** W waiting, I in progress, S success, F failed, D ended without a result. */
  readonly status: BuildStatus;
  /** Finer than `status`. */
  readonly state: BuildState;
  /** By a push, not by a request. */
  readonly auto_created: boolean;
  readonly build_cache_enabled: boolean;
  readonly code_repo_http_url: string | null;
  readonly code_commit_http_url: string | null;
  readonly code_repo_branch_url: string | null;
  /** 1 to 50, only ever growing; `GET /v1/build-steps` says what the numbers mean. */
  readonly step_at: number;
  /** Region whose agents run it. */
  readonly build_node: string;
  readonly build_context_path: string;
  /** It waits, or it has ended without success. */
  readonly is_removable: boolean;
  /** How many agents have taken it. */
  readonly attempt: number;
  /** The agent of the last attempt. */
  readonly agent: string | null;
  /** Of the manifest in the registry. */
  readonly digest: string | null;
  /** Bytes. */
  readonly size: number | null;
  readonly tags: ({
    readonly tag: string;
    readonly moved: boolean;
  })[];
  readonly failure: {
    readonly code: FailureCode;
    readonly message: string;
    readonly step: string | null;
    readonly exit_code: number | null;
    readonly last_lines: string[];
  } | null;
  readonly steps: StepView[];
  readonly phases: {
    readonly starting?: string | undefined;
    readonly cloning?: string | undefined;
    readonly building?: string | undefined;
    readonly pushing?: string | undefined;
  };
  /** Of the whole log; null until it is complete. */
  readonly log_lines: number | null;
  /** When it left the lists; null: it is in them. */
  readonly removed_at: string | null;
};

export type ChangeBuildConfigBody = {
  readonly build_node?: string | undefined;
  /** Labels that an agent has to have, with these values, to run the builds; `GET /v1/agents` tells what they have. */
  readonly agent_labels?: Readonly<Record<string, string>> | undefined;
  readonly email_enabled?: boolean | undefined;
  /** How often refs are compared with what webhooks told of, in seconds; 0: never; null: as the service does. */
  readonly reconcile_interval?: 0 | number | null | undefined;
  readonly tag_configs: ChangeTagConfigBody[];
};

export type ChangePasswordCommand = {
  /** Null: there is none yet. */
  readonly old_password?: string | null | undefined;
  readonly new_password: string;
};

export type ChangeTagConfigBody = {
  readonly code_repo_type: RefType;
  /** Name of the branch or tag, a glob (`release/*`) or a `/regular expression/` (RE2). */
  readonly code_repo_type_value: string;
  /** The image tag to publish; `{sourceref}` stands for the branch or tag, `{1}` to `{9}` for what the pattern caught. `docker_build_tag` is its older name. */
  readonly docker_repo_tag: string;
  /** Folder that is sent as build context, from the root of the code. */
  readonly build_context_path?: string | undefined;
  /** Folder that holds the `Dockerfile`, or the path of a Dockerfile. */
  readonly dockerfile_location?: string | undefined;
  /** Continuous build: a push to that branch or tag starts a build. */
  readonly is_active?: boolean | undefined;
  /** Use the layer cache. */
  readonly build_cache_enabled?: boolean | undefined;
  /** 0: no extra tag; 1: `vYYYYMMDD.HHMMSS` of the creation of the build, UTC; 2: the commit id. */
  readonly version_tagging?: VersionTagging | undefined;
  readonly id?: number | undefined;
  readonly docker_build_config_id?: number | undefined;
};

export type CodeHostName = 'GitHub' | 'Bitbucket' | 'OSChina' | 'GitCafe' | 'Simple';

export type CodeHostTokenBody = {
  /** Of the code host. Kept sealed, and never shown. */
  readonly api_token: string;
  /** For `Bitbucket` alone: whose API token or app password it is. Null: an access token of a repository, a project or a workspace. */
  readonly api_user?: string | null | undefined;
};

export type CodeHostTokenView = {
  readonly code_repo_client: StatusHost;
  readonly api_user: string | null;
  readonly set_by: string;
  readonly set_at: string;
};

export type CodeHostTokensView = {
  readonly code_hosts: CodeHostTokenView[];
};

export type CodeHostView = {
  readonly code_repo_client: CodeHostName;
  readonly base_url: string | null;
  readonly public_clone_url: string | null;
  readonly key_clone_url: string | null;
};

export type CodeHostsView = {
  readonly code_hosts: CodeHostView[];
  readonly host_keys: HostKeysView[];
};

export type CreateNamespaceCommand = {
  readonly name: string;
  readonly description?: string | undefined;
};

export type CreateRepositoryBody = {
  readonly repo_name: string;
  /** In a sentence. */
  readonly description?: string | undefined;
  readonly full_description?: string | undefined;
  /** Readable by everybody; its images are base images for everybody, too. */
  readonly is_public?: boolean | undefined;
  readonly build_config: BuildConfigBody;
};

export type CreateRobotBody = {
  readonly name: string;
  /** What it may do in the namespace; elsewhere it may nothing. */
  readonly role: Role;
  /** Seconds from now. Null: it does not expire. */
  readonly expires_in?: number | null | undefined;
};

export type CreateTokenBody = {
  readonly name: string;
  /** `read` sees, `build` also asks for builds and ends them, `admin` does all that the user may. */
  readonly scope: Scope;
  /** Seconds from now. Null: it does not expire. */
  readonly expires_in?: number | null | undefined;
  /** It opens nothing outside of it. */
  readonly namespace?: string | null | undefined;
};

export type CreateUserCommand = {
  readonly username: string;
  readonly email?: string | null | undefined;
  /** Null: the user has tokens only. */
  readonly password?: string | null | undefined;
  readonly is_admin?: boolean | undefined;
};

export type CreatedRobotView = {
  readonly name: string;
  /** What it is called where it did something: `created_by`, events. */
  readonly actor: string;
  readonly role: Role;
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  /** Shown now and never again: null where the request was repeated under its `Idempotency-Key`. */
  readonly token: string | null;
};

export type CreatedTokenView = {
  readonly id: string;
  /** Null: it was given for a password, or at the first start. */
  readonly name: string | null;
  readonly scope: Scope;
  /** It opens nothing outside of it. */
  readonly namespace: string | null;
  /** It was given for a password, and is revoked with it. */
  readonly is_login: boolean;
  readonly created_at: string;
  readonly expires_at: string | null;
  /** Shown now and never again: null where the request was repeated under its `Idempotency-Key`. */
  readonly token: string | null;
};

export type DeadLetterDetail = {
  /** Its place among the dead letters. */
  readonly id: number;
  /** The JetStream stream that it lay in. */
  readonly stream: string;
  /** Who was to take it in. */
  readonly consumer: string;
  /** What it was published to. */
  readonly subject: string;
  /** Its place in that stream. */
  readonly sequence: number;
  /** How often it had been delivered by then. */
  readonly deliveries: number;
  /** Why nobody could take it in. */
  readonly error: {
    /** A code of Slipway, or the name of the error. */
    readonly code: string;
    readonly message: string;
  };
  /** Of the message itself. */
  readonly bytes: number;
  /** False: too large to be kept whole, so it cannot be replayed. */
  readonly is_whole: boolean;
  /** When it was set aside. */
  readonly created_at: string;
  readonly headers: ({
    readonly name: string;
    readonly value: string;
  })[];
  /** Of `body`: base64 where it is no text. */
  readonly encoding: 'utf-8' | 'base64';
  /** At most the first 64 KiB. */
  readonly body: string;
};

export type DeadLetterReplay = {
  /** Its place among the dead letters. */
  readonly id: number;
  readonly stream: string;
  /** What it was published to again. */
  readonly subject: string;
  /** Its new place in the stream; null: a job of the same build lay there already, so nothing was published. */
  readonly sequence: number | null;
};

export type DeadLetterView = {
  /** Its place among the dead letters. */
  readonly id: number;
  /** The JetStream stream that it lay in. */
  readonly stream: string;
  /** Who was to take it in. */
  readonly consumer: string;
  /** What it was published to. */
  readonly subject: string;
  /** Its place in that stream. */
  readonly sequence: number;
  /** How often it had been delivered by then. */
  readonly deliveries: number;
  /** Why nobody could take it in. */
  readonly error: {
    /** A code of Slipway, or the name of the error. */
    readonly code: string;
    readonly message: string;
  };
  /** Of the message itself. */
  readonly bytes: number;
  /** False: too large to be kept whole, so it cannot be replayed. */
  readonly is_whole: boolean;
  /** When it was set aside. */
  readonly created_at: string;
};

export type DeliveryStatus = 'waiting' | 'done';

export type DeliveryView = {
  readonly id: string;
  readonly code_repo_client: CodeHostName;
  /** In the words of the code host. */
  readonly event: string;
  /** SHA-256 of the body. */
  readonly digest: string;
  readonly refs: ({
    readonly ref: string;
    readonly type: RefType | null;
    /** Null: deleted. */
    readonly commit: string | null;
  })[];
  readonly status: DeliveryStatus;
  readonly waiting_for: string | null;
  readonly matched: MatchedRefView[];
  readonly skipped: SkippedRefView[];
  readonly builds: string[];
  readonly replays: number;
  readonly received_at: string;
  readonly updated_at: string;
};

export type ErrorEntryView = {
  /** A code of the error table, in lower case. */
  readonly code: string;
  /** For a person. */
  readonly message: string;
  /** Dotted path of the field, name of the parameter or header; null where there is none to blame. */
  readonly source: string | null;
};

export type ErrorsView = {
  readonly errors: ErrorEntryView[];
};

export type FailureCode =
  | 'SOURCE_URL_REFUSED'
  | 'SOURCE_ADDRESS_REFUSED'
  | 'SOURCE_REPOSITORY_NOT_FOUND'
  | 'SOURCE_ACCESS_DENIED'
  | 'SOURCE_HOST_KEY_UNKNOWN'
  | 'SOURCE_HOST_KEY_CHANGED'
  | 'SOURCE_REF_NOT_FOUND'
  | 'SOURCE_COMMIT_NOT_FOUND'
  | 'SOURCE_TOO_LARGE'
  | 'SOURCE_TIMEOUT'
  | 'SOURCE_UNREACHABLE'
  | 'CONTEXT_NOT_FOUND'
  | 'CONTEXT_TOO_LARGE'
  | 'DOCKERFILE_NOT_FOUND'
  | 'DOCKERFILE_INVALID'
  | 'DOCKERFILE_STEP_FAILED'
  | 'FRONTEND_REFUSED'
  | 'BASE_IMAGE_NOT_FOUND'
  | 'BUILD_SILENT_TIMEOUT'
  | 'BUILD_TIMEOUT'
  | 'BUILD_MEMORY_LIMIT'
  | 'BUILD_PROCESS_LIMIT'
  | 'BUILD_DISK_LIMIT'
  | 'NETWORK_UNSUPPORTED'
  | 'SECRETS_UNSUPPORTED'
  | 'SECRETS_UNREADABLE'
  | 'SECRETS_UNAVAILABLE'
  | 'ENGINE_UNAVAILABLE'
  | 'REGISTRY_UNAVAILABLE'
  | 'PUSH_FAILED'
  | 'DISK_FULL'
  | 'WORKSPACE_FAILED'
  | 'AGENT_STOPPING'
  | 'ATTEMPTS_EXHAUSTED'
  | 'REPOSITORY_DELETED'
  | 'INTERNAL';

export type FollowedEnd = {
  readonly status: BuildStatus;
  readonly state: BuildState;
  readonly total_lines: number;
};

export type FollowedEvent = FollowedLine | FollowedStatus | FollowedEnd;

export type FollowedLine = {
  readonly message: string;
  readonly level: LogLevel;
  readonly time: number;
  /** From 1 over the whole build. */
  readonly line: number;
};

export type FollowedStatus = {
  readonly status: BuildStatus;
  readonly state: BuildState;
  readonly step_at: number;
  readonly attempt: number;
  readonly agent: string | null;
  readonly code_head_commit: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  /** The Dockerfile step that began last. */
  readonly step: StepView | null;
};

export type GenerateTokenBody = {
  readonly username: string;
  readonly password: string;
};

export type GeneratedTokenView = {
  readonly username: string;
  readonly token: string;
};

export type HookBody = {
  /** Requests are sent there; no redirect is followed. */
  readonly url: string;
  readonly events: Topic[];
  readonly is_active?: boolean | undefined;
};

export type HookDeliveryStatus = 'pending' | 'delivered' | 'given_up';

export type HookDeliveryView = {
  /** Also the `id` of the request, in every try and replay. */
  readonly id: string;
  readonly event: Topic;
  readonly build_id: string;
  readonly status: HookDeliveryStatus;
  readonly attempts: number;
  /** HTTP status of the last answer. */
  readonly response_status: number | null;
  /** Its first KiB. */
  readonly response_body: string | null;
  /** Why the last try failed. */
  readonly failure: string | null;
  readonly next_attempt_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type HookView = {
  readonly id: string;
  readonly url: string;
  readonly events: Topic[];
  readonly is_active: boolean;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type HostKeysView = {
  readonly host: string;
  readonly keys: ({
    readonly type: string;
    readonly public_key: string;
    readonly fingerprint: string;
  })[];
  readonly pinned_by: string | null;
  readonly pinned_at: string | null;
};

export type IssuedWebhookView = {
  /** What the code host is to send pushes to. */
  readonly url: string;
  readonly code: string;
  /** Whether deliveries can be signed. */
  readonly has_secret: boolean;
  /** What the code host is to sign with. Shown now and never again. */
  readonly secret: string;
};

export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

export type LogLineView = {
  readonly message: string;
  readonly level: LogLevel;
  readonly time: number;
};

export type MatchedRefView = {
  readonly ref: string;
  readonly commit: string;
  readonly tag_config_id: number;
  readonly docker_repo_tag: string;
  readonly build_id: string;
};

export type MemberBody = {
  readonly role: Role;
};

export type MemberView = {
  readonly username: string;
  readonly role: Role;
  /** Null: it is their own namespace. */
  readonly given_by: string | null;
  readonly given_at: string;
};

export type NamespaceKind = 'user' | 'organisation';

export type NamespaceView = {
  readonly name: string;
  readonly kind: NamespaceKind;
  readonly description: string;
  /** What the caller may do there. */
  readonly role: Role;
  /** Null: it was there before namespaces had members. */
  readonly created_by: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

/** What the steps of a build may reach. `none`: nothing; `proxy`: what the proxy of the agents lets through; `full`: the internet. Base images are pulled by the engine and are not meant. */
export type NetworkPolicy = 'none' | 'proxy' | 'full';

export type NetworkPolicyBody = {
  /** Null: the operator's default, whatever it will be. */
  readonly policy: NetworkPolicy | null;
};

export type NetworkPolicyView = {
  readonly namespace: string;
  /** Of a build that is asked for now. */
  readonly policy: NetworkPolicy;
  /** For this namespace; null: nobody has chosen one. */
  readonly chosen: NetworkPolicy | null;
  /** The operator's, where nobody has chosen; administrators of a namespace choose nothing looser. */
  readonly default_policy: NetworkPolicy;
  /** The operator's limit, for everybody. */
  readonly loosest_policy: NetworkPolicy;
};

export type PauseReason = 'starting' | 'draining' | 'stopping' | 'disk' | 'engine' | 'registry' | 'collecting';

export type PinHostKeysBody = {
  readonly keys: string[];
};

export type ProfileView = {
  readonly username: string;
  readonly email: string | null;
  /** Of the system, and by this token. */
  readonly is_admin: boolean;
  /** The own one, and those of others: what the caller is there, by this token. */
  readonly namespaces: ({
    readonly name: string;
    readonly role: Role;
  })[];
};

export type PublicTagView = {
  readonly tag: string;
  readonly digest: string;
  readonly image_id: string | null;
  /** Bytes. */
  readonly size: number | null;
  readonly build_id: string;
  readonly pushed_at: string;
};

export type QuotaBody = {
  /** Builds that may wait at once. null: the limit of the environment. */
  readonly queued_builds?: number | null | undefined;
  /** Builds that may run at once. null: the limit of the environment. */
  readonly running_builds?: number | null | undefined;
  /** Minutes that builds may run in a calendar month (UTC). null: the limit of the environment. */
  readonly build_minutes?: number | null | undefined;
  /** Bytes that logs may take in a calendar month (UTC), as they are stored. null: the limit of the environment. */
  readonly log_bytes?: number | null | undefined;
};

export type QuotaView = {
  readonly namespace: string;
  /** Builds that wait. A request for one more is refused with 429. */
  readonly queued_builds: {
    /** null: none. */
    readonly limit: number | null;
    /** An administrator of the system has set it for this namespace. */
    readonly is_overridden: boolean;
    /** Now. */
    readonly used: number;
  };
  /** Builds that run. One more waits until another ends. */
  readonly running_builds: {
    /** null: none. */
    readonly limit: number | null;
    /** An administrator of the system has set it for this namespace. */
    readonly is_overridden: boolean;
    /** Now. */
    readonly used: number;
  };
  /** Full minutes that builds ran, all attempts together. Used up, requests are refused with 429; what was accepted runs. */
  readonly build_minutes: {
    /** null: none. */
    readonly limit: number | null;
    /** An administrator of the system has set it for this namespace. */
    readonly is_overridden: boolean;
    /** This calendar month (UTC). */
    readonly used: number;
    /** When the next month begins, and nothing of it is used. */
    readonly resets_at: string;
  };
  /** Bytes that the logs of ended builds take. Used up, requests are refused with 429; no log is cut for it. */
  readonly log_bytes: {
    /** null: none. */
    readonly limit: number | null;
    /** An administrator of the system has set it for this namespace. */
    readonly is_overridden: boolean;
    /** This calendar month (UTC). */
    readonly used: number;
    /** When the next month begins, and nothing of it is used. */
    readonly resets_at: string;
  };
};

export type ReconcileView = {
  /** Of pushes that nobody had told of. */
  readonly builds: string[];
  readonly skipped: SkippedRefView[];
  /** The delivery that the finding became; null: nothing new was found. */
  readonly delivery_id: string | null;
  /** `waiting`: stored, and gone on with by itself; see `waiting_for`. */
  readonly status: DeliveryStatus;
  readonly waiting_for: string | null;
  /** The first look, or the first since the build config was set: it only writes down what is there. */
  readonly is_first: boolean;
  readonly checked_at: string;
};

export type RefType = 'branch' | 'tag';

export type RegistryCredentialView = {
  readonly host: string;
  readonly username: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly updated_by: string;
};

export type RegistryCredentialsView = {
  readonly registry_credentials: RegistryCredentialView[];
};

export type ReplayView = {
  readonly dry_run: boolean;
  readonly builds: string[];
  readonly matched: ({
    readonly ref: string;
    readonly commit: string;
    readonly tag_config_id: number;
    readonly docker_repo_tag: string;
  })[];
  readonly skipped: SkippedRefView[];
  readonly status: DeliveryStatus;
  readonly waiting_for: string | null;
};

export type RepositoryView = {
  readonly namespace: string;
  /** `namespace/repo_name`. */
  readonly repo_path: string;
  readonly repo_name: string;
  readonly description: string;
  readonly full_description: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** Readable by everybody. */
  readonly is_public: boolean;
  readonly is_automated: true;
  readonly download: number;
  /** Times that an image was published. */
  readonly upload: number;
  readonly pulled_at: string | null;
  /** When a tag moved last. */
  readonly pushed_at: string | null;
  readonly repo_starred_count: number;
  readonly logo_file: string;
  readonly build_config: BuildConfigView;
};

export type RequestBuildBody = {
  readonly namespace: string;
  readonly repo_name: string;
  /** The `docker_repo_tag` of a tag config, or an image tag that one makes. */
  readonly tag: string;
  /** Name of the branch or tag, where the tag config has a pattern. */
  readonly code_repo_type_value?: string | null | undefined;
  /** Another commit than the newest: all 40 or 64 hex digits. */
  readonly code_commit_id?: string | null | undefined;
  /** 9 first, 0 last, among the waiting builds of its namespace; absent: 5. */
  readonly priority?: number | undefined;
};

export type RobotView = {
  readonly name: string;
  /** What it is called where it did something: `created_by`, events. */
  readonly actor: string;
  readonly role: Role;
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string | null;
};

/** A reader sees what is private, a builder also asks for builds and ends them, an admin also changes repositories, hooks and members. */
export type Role = 'reader' | 'builder' | 'admin';

export type Scope = 'read' | 'build' | 'admin';

export type SecretView = {
  readonly name: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly updated_by: string;
};

export type SecretsView = {
  readonly secrets: SecretView[];
};

export type SetRegistryCredentialBody = {
  readonly username: string;
  /** Shown to that registry alone, and never again in an answer. */
  readonly password: string;
};

export type SetSecretBody = {
  /** Shown to builds, and never again in an answer. */
  readonly value: string;
};

export type ShownBuildView = {
  readonly build_id: string;
  readonly created_at: string;
  /** When an agent took it. */
  readonly started_at: string | null;
  readonly ended_at: string | null;
  /** Null until the branch or tag is resolved, unless a commit was asked for. */
  readonly code_head_commit: string | null;
  readonly code_repo_client: CodeHostName;
  /** Where the code is on its host; the clone URL for `Simple`. */
  readonly code_repo_path: string;
  readonly code_repo_type: RefType;
  /** Name of the branch or tag. */
  readonly code_repo_type_value: string;
  readonly created_by: string;
  /** First 12 hex digits. */
  readonly image_id: string | null;
  /** `namespace/repo_name`. */
  readonly docker_repo_path: string;
  readonly docker_repo_tag: string;
  /** The extra tag of `version_tagging` 1 or 2. */
  readonly docker_repo_version_tag: string | null;
  readonly dockerfile_location: string;
  /** W waiting, I in progress, S success, F failed, D ended without a result. */
  readonly status: BuildStatus;
  /** Finer than `status`. */
  readonly state: BuildState;
  /** By a push, not by a request. */
  readonly auto_created: boolean;
  readonly build_cache_enabled: boolean;
  readonly code_repo_http_url: string | null;
  readonly code_commit_http_url: string | null;
  readonly code_repo_branch_url: string | null;
  /** 1 to 50, only ever growing; `GET /v1/build-steps` says what the numbers mean. */
  readonly step_at: number;
  /** Region whose agents run it. */
  readonly build_node: string;
  readonly build_context_path: string;
  /** It waits, or it has ended without success. */
  readonly is_removable: boolean;
  /** How many agents have taken it. */
  readonly attempt: number;
  /** The agent of the last attempt. */
  readonly agent: string | null;
  /** Of the manifest in the registry. */
  readonly digest: string | null;
  /** Bytes. */
  readonly size: number | null;
  readonly tags: ({
    readonly tag: string;
    readonly moved: boolean;
  })[];
  readonly failure: {
    readonly code: FailureCode;
    readonly message: string;
    readonly step: string | null;
    readonly exit_code: number | null;
    readonly last_lines: string[];
  } | null;
  readonly steps: StepView[];
  readonly phases: {
    readonly starting?: string | undefined;
    readonly cloning?: string | undefined;
    readonly building?: string | undefined;
    readonly pushing?: string | undefined;
  };
  /** Of the whole log; null until it is complete. */
  readonly log_lines: number | null;
  /** When it left the lists; null: it is in them. */
  readonly removed_at: string | null;
  /** Where it stands while it waits for an agent. Null: it does not wait, `as_of` is asked for, or nobody could say. */
  readonly queue: BuildQueueView | null;
};

export type SkipReason =
  | 'NO_RULE'
  | 'NOT_ACTIVE'
  | 'TAG_INVALID'
  | 'TAG_TAKEN'
  | 'REF_DELETED'
  | 'REF_UNUSABLE'
  | 'REF_MOVED'
  | 'REF_UNCONFIRMED'
  | 'ALREADY_FOUND'
  | 'NOT_A_PUSH'
  | 'PING'
  | 'BUILD_REFUSED'
  | 'REPOSITORY_GONE';

export type SkippedRefView = {
  /** As git words it: `refs/heads/main`; null: the whole delivery. */
  readonly ref: string | null;
  readonly why: SkipReason;
  readonly text: string;
};

export type StatusHost = 'GitHub' | 'Bitbucket' | 'OSChina';

export type StepView = {
  readonly index: number;
  readonly total: number;
  readonly name: string;
  readonly cached: boolean | null;
  readonly started_at: string;
  readonly ended_at: string | null;
};

export type TagConfigBody = {
  readonly code_repo_type: RefType;
  /** Name of the branch or tag, a glob (`release/*`) or a `/regular expression/` (RE2). */
  readonly code_repo_type_value: string;
  /** The image tag to publish; `{sourceref}` stands for the branch or tag, `{1}` to `{9}` for what the pattern caught. `docker_build_tag` is its older name. */
  readonly docker_repo_tag: string;
  /** Folder that is sent as build context, from the root of the code. */
  readonly build_context_path?: string | undefined;
  /** Folder that holds the `Dockerfile`, or the path of a Dockerfile. */
  readonly dockerfile_location?: string | undefined;
  /** Continuous build: a push to that branch or tag starts a build. */
  readonly is_active?: boolean | undefined;
  /** Use the layer cache. */
  readonly build_cache_enabled?: boolean | undefined;
  /** 0: no extra tag; 1: `vYYYYMMDD.HHMMSS` of the creation of the build, UTC; 2: the commit id. */
  readonly version_tagging?: VersionTagging | undefined;
};

export type TagConfigView = {
  readonly id: number;
  readonly docker_build_config_id: number;
  readonly docker_repo_tag: string;
  readonly dockerfile_location: string;
  readonly code_repo_type: RefType;
  readonly code_repo_type_value: string;
  readonly is_active: boolean;
  readonly version_tagging: VersionTagging;
  readonly build_context_path: string;
  readonly build_cache_enabled: boolean;
};

export type TokenView = {
  readonly id: string;
  /** Null: it was given for a password, or at the first start. */
  readonly name: string | null;
  readonly scope: Scope;
  /** It opens nothing outside of it. */
  readonly namespace: string | null;
  /** It was given for a password, and is revoked with it. */
  readonly is_login: boolean;
  readonly created_at: string;
  readonly expires_at: string | null;
};

export type Topic = 'build.requested' | 'build.succeeded' | 'build.failed' | 'build.cancelled';

export type UpdateNamespaceBody = {
  readonly description: string;
};

export type UpdateProfileBody = {
  readonly email: string | null;
};

export type UpdateRepositoryBody = {
  readonly description?: string | undefined;
  readonly full_description?: string | undefined;
  readonly is_public?: boolean | undefined;
};

export type UpdateUserBody = {
  readonly email?: string | null | undefined;
  readonly password?: string | undefined;
  readonly is_admin?: boolean | undefined;
  readonly is_active?: boolean | undefined;
};

export type UserView = {
  readonly username: string;
  readonly email: string | null;
  /** Of the system. */
  readonly is_admin: boolean;
  /** False: no token and no login of theirs is good. */
  readonly is_active: boolean;
  readonly created_at: string;
  readonly updated_at: string;
};

export type VersionTagging = 0 | 1 | 2;

export type WaitingReason = 'namespace_limit' | 'no_agent' | 'agents_paused' | 'next_attempt' | 'next' | 'agents_busy';

export type WebhookAnswerView = {
  readonly builds: string[];
  readonly skipped: SkippedRefView[];
  readonly delivery_id: string;
  /** `waiting`: stored, and gone on with by itself; see `waiting_for`. */
  readonly status: DeliveryStatus;
  readonly waiting_for: string | null;
};

export type WebhookView = {
  /** What the code host is to send pushes to. */
  readonly url: string;
  readonly code: string;
  /** Whether deliveries can be signed. */
  readonly has_secret: boolean;
};

export type paths = {
  '/v1/repositories/{namespace}': {
    /** List the image repositories of a namespace */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: RepositoryView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    /** Create an image repository */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': CreateRepositoryBody };
      };
      responses: {
        201: { content: { 'application/json': RepositoryView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/repositories/{namespace}/{repo_name}': {
    /** Show an image repository */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': RepositoryView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Change descriptions and visibility */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': UpdateRepositoryBody };
      };
      responses: {
        200: { content: { 'application/json': RepositoryView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    /** Delete an image repository */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/repositories/{namespace}/{repo_name}/build-config': {
    /** Show the build config */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': BuildConfigView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Replace the tag configs */
    put: {
      parameters: {
        query?: never;
        header?: {
          /** The `ETag` that the change was made from. */
          'If-Match'?: string | undefined;
        } | undefined;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': ChangeBuildConfigBody };
      };
      responses: {
        200: { content: { 'application/json': BuildConfigView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        412: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/repositories/{namespace}/{repo_name}/build-config/rotate-key': {
    get?: never;
    put?: never;
    /** Exchange the deploy key for another */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': BuildConfigView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/repositories/{namespace}/{repo_name}/tags': {
    /** List published tags, the one that moved last first */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: PublicTagView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/builds': {
    /** List builds, newest first */
    get: {
      parameters: {
        query?: {
          namespace?: string | undefined;
          repo_name?: string | undefined;
          status?: BuildStatus | undefined;
          tag?: string | undefined;
          created_from?: string | undefined;
          created_to?: string | undefined;
          code_head_commit?: string | undefined;
          /** From 1; 20 rows a page. */
          page?: number | undefined;
          /** Only from the `next` or `previous` of an answer. */
          after?: number | undefined;
          /** Only from the `next` or `previous` of an answer. */
          before?: number | undefined;
        } | undefined;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: BuildListItem[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    /** Ask for a build */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': RequestBuildBody };
      };
      responses: {
        201: { content: { 'application/json': BuildView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/builds/{build_id}/rebuild': {
    get?: never;
    put?: never;
    /** Make a build again */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path: {
          build_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        201: { content: { 'application/json': BuildView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/builds/{build_id}': {
    /** Show a build as it is, or as it was */
    get: {
      parameters: {
        query?: {
          /** As it was just after this event of its own, or at this time. */
          as_of?: string | undefined;
        } | undefined;
        header?: never;
        path: {
          build_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': ShownBuildView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    /** Cancel a build, or remove one that has ended */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          build_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        202: { content?: never };
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/builds/{build_id}/events': {
    /** List everything that happened to a build */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          build_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': BuildHistoryView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/build-steps': {
    /** What the numbers in `step_at` mean */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': BuildStepView[] } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/builds/{build_id}/logs': {
    /** Read what a build has logged so far */
    get: {
      parameters: {
        query?: {
          /** Unix seconds; no lines before it. */
          start_time?: number | undefined;
          /** Unix seconds; no lines after it. */
          end_time?: number | undefined;
        } | undefined;
        header?: never;
        path: {
          build_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': LogLineView[]; 'text/plain': string } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/builds/{build_id}/logs/stream': {
    /** Follow the log of a build */
    get: {
      parameters: {
        query?: {
          /** As the header `Last-Event-ID`, for those that cannot send one. */
          last_event_id?: number | undefined;
        } | undefined;
        header?: {
          /** The last line that the client has. */
          'Last-Event-ID'?: number | undefined;
        } | undefined;
        path: {
          build_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'text/event-stream': FollowedEvent } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/network-policy': {
    /** Tell what the builds of a namespace may reach */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': NetworkPolicyView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Choose what the builds of a namespace may reach */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': NetworkPolicyBody };
      };
      responses: {
        200: { content: { 'application/json': NetworkPolicyView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/quota': {
    /** Tell how many builds a namespace may have, and has */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': QuotaView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Set the limits of a namespace */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': QuotaBody };
      };
      responses: {
        200: { content: { 'application/json': QuotaView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces': {
    /** List the namespaces of the caller by name */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: NamespaceView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    /** Make an organisation */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': CreateNamespaceCommand };
      };
      responses: {
        201: { content: { 'application/json': NamespaceView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}': {
    /** Show a namespace */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': NamespaceView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Describe a namespace */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': UpdateNamespaceBody };
      };
      responses: {
        200: { content: { 'application/json': NamespaceView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/members': {
    /** List the members of a namespace by name */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: MemberView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/members/{username}': {
    get?: never;
    /** Give a user a role in a namespace */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          username: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': MemberBody };
      };
      responses: {
        200: { content: { 'application/json': MemberView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    /** Remove a member, or leave */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          username: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/namespaces/{namespace}/robots': {
    /** List the robots of a namespace by name */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: RobotView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    /** Create a robot */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': CreateRobotBody };
      };
      responses: {
        201: { content: { 'application/json': CreatedRobotView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/robots/{name}': {
    get?: never;
    put?: never;
    post?: never;
    /** Remove a robot */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/namespaces/{namespace}/hooks': {
    /** List the hooks of a namespace, the oldest first */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: HookView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    /** Add a hook */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': HookBody };
      };
      responses: {
        201: { content: { 'application/json': AddedHookView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/hooks/{id}': {
    /** Show a hook */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': HookView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Replace URL, events and whether it is active */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': HookBody };
      };
      responses: {
        200: { content: { 'application/json': HookView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    /** Remove a hook */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/namespaces/{namespace}/hooks/{id}/deliveries': {
    /** List what was sent, and what came back, the newest first */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path: {
          namespace: string;
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: HookDeliveryView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/hooks/{id}/deliveries/{delivery_id}/replay': {
    get?: never;
    put?: never;
    /** Send it once more */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path: {
          namespace: string;
          id: string;
          delivery_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        202: { content: { 'application/json': HookDeliveryView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/secrets': {
    /** List the secrets of a namespace, by name */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': SecretsView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/secrets/{name}': {
    /** Show a secret of a namespace, without its value */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': SecretView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Set a secret for every build of a namespace */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          name: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': SetSecretBody };
      };
      responses: {
        200: { content: { 'application/json': SecretView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    /** Remove a secret of a namespace */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/repositories/{namespace}/{repo_name}/secrets': {
    /** List the secrets of a repository, by name */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': SecretsView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/repositories/{namespace}/{repo_name}/secrets/{name}': {
    /** Show a secret of a repository, without its value */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': SecretView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Set a secret for the builds of a repository */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
          name: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': SetSecretBody };
      };
      responses: {
        200: { content: { 'application/json': SecretView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    /** Remove a secret of a repository */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/namespaces/{namespace}/registry-credentials': {
    /** List the registry credentials of a namespace, by host */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': RegistryCredentialsView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/registry-credentials/{host}': {
    /** Show the credential for a registry, without its password */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          host: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': RegistryCredentialView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Set the credential for a registry */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          host: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': SetRegistryCredentialBody };
      };
      responses: {
        200: { content: { 'application/json': RegistryCredentialView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    /** Remove the credential for a registry */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          host: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/webhooks/{code}': {
    get?: never;
    put?: never;
    /** Tell of a push */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          code: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': {
          readonly ref?: string | undefined;
          readonly after?: string | undefined;
        } };
      };
      responses: {
        200: { content: { 'application/json': WebhookAnswerView } };
        202: { content: { 'application/json': WebhookAnswerView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/repositories/{namespace}/{repo_name}/build-config/webhook': {
    /** Show the webhook of a build config */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': WebhookView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    /** Issue URL and secret of the webhook anew */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        201: { content: { 'application/json': IssuedWebhookView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/repositories/{namespace}/{repo_name}/deliveries': {
    /** List what a code host sent, the newest first */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: DeliveryView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/repositories/{namespace}/{repo_name}/deliveries/{id}': {
    /** Show what a code host sent, and what became of it */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': DeliveryView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/repositories/{namespace}/{repo_name}/deliveries/{id}/replay': {
    get?: never;
    put?: never;
    /** Look at a delivery again, as if it came now */
    post: {
      parameters: {
        query?: {
          /** `true`: only say what would be built and why the rest would not; nothing is stored. */
          dry_run?: 'true' | 'false' | undefined;
        } | undefined;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path: {
          namespace: string;
          repo_name: string;
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': ReplayView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/repositories/{namespace}/{repo_name}/build-config/reconcile': {
    get?: never;
    put?: never;
    /** Look now for pushes that nobody told of */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          repo_name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': ReconcileView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/auth/profile': {
    /** Tell who calls */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': ProfileView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Change the own address */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': UpdateProfileBody };
      };
      responses: {
        200: { content: { 'application/json': ProfileView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/auth/password': {
    get?: never;
    /** Change the own password */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': ChangePasswordCommand };
      };
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/generate-api-token': {
    get?: never;
    put?: never;
    /** Get a token for a password */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': GenerateTokenBody };
      };
      responses: {
        200: { content: { 'application/json': GeneratedTokenView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/tokens': {
    /** List the own tokens, the oldest first */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: TokenView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    /** Make a token */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': CreateTokenBody };
      };
      responses: {
        201: { content: { 'application/json': CreatedTokenView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/tokens/{id}': {
    get?: never;
    put?: never;
    post?: never;
    /** Revoke one of the own tokens */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/users': {
    /** List users by name */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: UserView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    /** Create a user */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': CreateUserCommand };
      };
      responses: {
        201: { content: { 'application/json': UserView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/users/{username}': {
    /** Show a user */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          username: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': UserView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Change a user */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          username: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': UpdateUserBody };
      };
      responses: {
        200: { content: { 'application/json': UserView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    /** Deactivate a user */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          username: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/code-hosts': {
    /** List the code hosts and the pinned host keys */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': CodeHostsView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/code-hosts/host-keys/{host}': {
    get?: never;
    /** Pin the keys of an ssh server */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          host: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': PinHostKeysBody };
      };
      responses: {
        200: { content: { 'application/json': HostKeysView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    /** Unpin the keys of an ssh server */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          host: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/agents': {
    /** List the agents */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: AgentView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/agents/{agent_id}/drain': {
    get?: never;
    put?: never;
    /** Take an agent out of service */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path: {
          agent_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': AgentView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Put an agent back into service */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          agent_id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': AgentView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/dead-letters': {
    /** List the dead letters, the newest first */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: DeadLetterView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/dead-letters/{id}': {
    /** Look into a dead letter */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': DeadLetterDetail } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    /** Remove a dead letter */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/dead-letters/{id}/replay': {
    get?: never;
    put?: never;
    /** Replay a dead letter */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key and body give the same answer for 24 hours; the same key with another body is refused. */
          'Idempotency-Key'?: string | undefined;
        } | undefined;
        path: {
          id: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': DeadLetterReplay } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/code-hosts': {
    /** List the code hosts that a namespace has a token for */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': CodeHostTokensView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/namespaces/{namespace}/code-hosts/{client}': {
    /** Tell whether a namespace has a token for a code host, and since when */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          client: StatusHost;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': CodeHostTokenView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    /** Set the token of a namespace for a code host */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          client: StatusHost;
        };
        cookie?: never;
      };
      requestBody: {
        content: { 'application/json': CodeHostTokenBody };
      };
      responses: {
        200: { content: { 'application/json': CodeHostTokenView } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    post?: never;
    /** Forget the token of a namespace for a code host */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          namespace: string;
          client: StatusHost;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { content?: never };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        409: { content: { 'application/json': ErrorsView } };
        413: { content: { 'application/json': ErrorsView } };
        415: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    patch?: never;
  };
  '/v1/namespaces/{namespace}/code-hosts/{client}/deliveries': {
    /** List what a code host was told, and what it answered, the newest first */
    get: {
      parameters: {
        query?: {
          /** From 1; 20 rows a page. */
          page?: number | undefined;
        } | undefined;
        header?: never;
        path: {
          namespace: string;
          client: StatusHost;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          /** Rows on all pages. */
          readonly count: number;
          /** The next page; it keeps the other query parameters. */
          readonly next: string | null;
          /** The page before. */
          readonly previous: string | null;
          readonly results: HookDeliveryView[];
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        404: { content: { 'application/json': ErrorsView } };
        422: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/healthz': {
    /** Tell whether the process runs */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          readonly status: 'ok';
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/readyz': {
    /** Tell whether it can answer */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          readonly status: 'ok' | 'unavailable';
          /** `ok`, or why not, by the name of what is needed. */
          readonly checks: Readonly<Record<string, string>>;
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': {
          readonly status: 'ok' | 'unavailable';
          /** `ok`, or why not, by the name of what is needed. */
          readonly checks: Readonly<Record<string, string>>;
        } | ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/v1/openapi.json': {
    /** This document */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'application/json': {
          readonly openapi: string;
        } } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
  '/docs': {
    /** This document for people */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { content: { 'text/html': string } };
        400: { content: { 'application/json': ErrorsView } };
        401: { content: { 'application/json': ErrorsView } };
        403: { content: { 'application/json': ErrorsView } };
        429: { content: { 'application/json': ErrorsView } };
        503: { content: { 'application/json': ErrorsView } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    patch?: never;
  };
};
