import type { BuildState, BuildStatus, CodeHostName, RefType, StepView, VersionTagging } from '@slipway/contracts';
import type { BuildView } from '@slipway/contracts';
import type { Table } from '../database/table.js';

/** One build. Columns carry the API's names; what the API computes from them is in `view.ts`. */
export interface BuildRow {
  readonly build_id: string;
  /** Of its BuildRequested: builds are listed by it. */
  readonly position: number;
  readonly namespace: string;
  readonly repo_name: string;
  /** Of the build config it was requested for: a later repository of the same name has another. */
  readonly config_id: number;
  readonly created_by: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly status: BuildStatus;
  readonly state: BuildState;
  readonly step_at: number;
  readonly attempt: number;
  readonly agent: string | null;
  readonly detail: string;
  readonly code_head_commit: string | null;
  readonly code_repo_client: CodeHostName;
  readonly code_repo_path: string;
  readonly code_repo_type: RefType;
  readonly code_repo_type_value: string;
  readonly code_repo_http_url: string | null;
  readonly code_commit_url_prefix: string | null;
  readonly code_repo_branch_url: string | null;
  readonly docker_repo_tag: string;
  readonly version_tagging: VersionTagging;
  readonly dockerfile_location: string;
  readonly build_context_path: string;
  readonly build_cache_enabled: boolean;
  readonly build_node: string;
  readonly auto_created: boolean;
  /** `sha256:<64 hex>`. */
  readonly image_id: string | null;
  readonly digest: string | null;
  readonly size: number | null;
  readonly tags: BuildView['tags'];
  readonly failure: BuildView['failure'];
  readonly steps: readonly StepView[];
  readonly phases: BuildView['phases'];
  readonly log_lines: number | null;
  /** When it left the lists. */
  readonly removed_at: string | null;
}

/** What a list shows of a build, and where it stands in it: nothing that would have to be parsed. */
export const LISTED_COLUMNS = [
  'build_id',
  'position',
  'namespace',
  'repo_name',
  'created_by',
  'created_at',
  'started_at',
  'ended_at',
  'status',
  'state',
  'detail',
  'code_head_commit',
  'code_repo_client',
  'code_repo_path',
  'code_repo_type',
  'code_repo_type_value',
  'code_repo_http_url',
  'code_commit_url_prefix',
  'code_repo_branch_url',
  'docker_repo_tag',
  'version_tagging',
  'dockerfile_location',
  'build_cache_enabled',
  'auto_created',
  'image_id',
] as const satisfies readonly (keyof BuildRow)[];
export type ListedBuild = Pick<BuildRow, (typeof LISTED_COLUMNS)[number]>;

/** What lists are filtered by and hardly ever changes. */
const WHAT = ['docker_repo_tag', 'created_at', 'removed_at'] as const;

/**
 * Each index holds the position, so that a page far away is found without touching rows; most hold what else a list may
 * be filtered by, so that counting touches none either.
 */
export const buildTable: Table<BuildRow> = {
  name: 'build',
  columns: {
    build_id: 'text',
    position: 'int',
    namespace: 'text',
    repo_name: 'text',
    config_id: 'int',
    created_by: 'text',
    created_at: 'text',
    started_at: 'text?',
    ended_at: 'text?',
    status: 'text',
    state: 'text',
    step_at: 'int',
    attempt: 'int',
    agent: 'text?',
    detail: 'text',
    code_head_commit: 'text?',
    code_repo_client: 'text',
    code_repo_path: 'text',
    code_repo_type: 'text',
    code_repo_type_value: 'text',
    code_repo_http_url: 'text?',
    code_commit_url_prefix: 'text?',
    code_repo_branch_url: 'text?',
    docker_repo_tag: 'text',
    version_tagging: 'int',
    dockerfile_location: 'text',
    build_context_path: 'text',
    build_cache_enabled: 'bool',
    build_node: 'text',
    auto_created: 'bool',
    image_id: 'text?',
    digest: 'text?',
    size: 'int?',
    tags: 'json',
    failure: 'json?',
    steps: 'json',
    phases: 'json',
    log_lines: 'int?',
    removed_at: 'text?',
  },
  primaryKey: ['build_id'],
  indexes: [
    { name: 'build_by_position', columns: ['position'] },
    { name: 'build_by_repository', columns: ['namespace', 'repo_name', 'position', 'status', ...WHAT] },
    { name: 'build_by_creator', columns: ['created_by', 'position', 'status', ...WHAT] },
    { name: 'build_by_namespace_status', columns: ['namespace', 'status', 'position', ...WHAT] },
    { name: 'build_by_namespace', columns: ['namespace', 'position', ...WHAT] },
    { name: 'build_by_time', columns: ['namespace', 'created_at', 'position', 'removed_at'] },
    { name: 'build_by_commit', columns: ['code_head_commit', 'position'] },
  ],
};

/** How many builds a namespace, a repository or a user has, also of each status, and how many pushes a build config made: counting them row by row would not be flat. */
export interface BuildCountRow {
  /** What `countScope` makes. */
  readonly scope: string;
  readonly builds: number;
  /** Builds that ended with an image, and when the last one did. */
  readonly pushes: number;
  readonly pushed_at: string | null;
}

export const buildCountTable: Table<BuildCountRow> = {
  name: 'build_count',
  columns: { scope: 'text', builds: 'int', pushes: 'int', pushed_at: 'text?' },
  primaryKey: ['scope'],
  indexes: [],
};

export const countScope = {
  namespace: (namespace: string): string => `namespace:${namespace}`,
  repository: (namespace: string, repoName: string): string => `repository:${namespace}/${repoName}`,
  config: (configId: number): string => `config:${configId}`,
  creator: (userName: string): string => `creator:${userName}`,
  /** Of the builds in another scope those that have a status; no name holds a `#`. */
  status: (scope: string, status: BuildStatus): string => `${scope}#${status}`,
} as const;
