import type { BuildConfigView, CodeSource, RepositoryView, TagConfig, TagConfigView } from '@slipway/contracts';
import { buildConfigRevision } from '@slipway/domain';
import type { RepositoryRow } from './table.js';

/** What a code host says about a source; `null` when the host has closed. The domain's `locateCode` answers it. */
export type LocateSource = (
  source: CodeSource,
) => { readonly path: string; readonly page: string | null; readonly deployKeys: string | null } | null;

/** How often builds published into the repository, and when last. */
export interface Pushes {
  readonly upload: number;
  readonly pushed_at: string | null;
}

/** A repository that its events tell to the end. */
export interface RepositoryRecord extends RepositoryRow, Pushes {
  readonly config_id: number;
  readonly config_created_by: string;
  readonly source: CodeSource;
  readonly build_node: string;
  readonly public_key: string;
}

const NEVER: Pushes = { upload: 0, pushed_at: null };

/** `undefined`: the events of its creation have not all been folded yet. */
export function repositoryRecord(row: RepositoryRow, pushes: Pushes = NEVER): RepositoryRecord | undefined {
  const { config_id, config_created_by, source, build_node, public_key } = row;
  if (config_id === null || config_created_by === null || source === null) return undefined;
  if (build_node === null || public_key === null) return undefined;
  return { ...row, ...pushes, config_id, config_created_by, source, build_node, public_key };
}

const DEFAULT_LOGO = '/static/images/user/default-logo.png';

/** Names this state of the build config, for `ETag` and `If-Match`. */
export const revisionOf = ({ config_id, config_changes }: RepositoryRecord): string =>
  buildConfigRevision(config_id, config_changes);

/** The answer of `GET /v1/repositories/{namespace}/{repo_name}`. */
export function repositoryView(record: RepositoryRecord, locate: LocateSource): RepositoryView {
  const { namespace, repo_name, description, full_description, created_by, created_at, updated_at } = record;
  const path = `${namespace}/${repo_name}`;
  return {
    namespace,
    repo_path: path,
    repo_name,
    description,
    full_description,
    created_by,
    created_at,
    updated_at,
    is_public: record.is_public,
    is_automated: true,
    download: 0,
    upload: record.upload,
    pulled_at: null,
    pushed_at: record.pushed_at,
    repo_starred_count: 0,
    logo_file: DEFAULT_LOGO,
    build_config: buildConfigView(record, locate),
  };
}

/** The answer of `GET …/build-config`, and a part of the one above. */
export function buildConfigView(record: RepositoryRecord, locate: LocateSource): BuildConfigView {
  const { config_id: id, source, tag_configs } = record;
  const location = locate(source);
  return {
    id,
    docker_repo_path: `${record.namespace}/${record.repo_name}`,
    code_repo_client: source.client,
    code_repo_path: location?.path ?? closedPath(source),
    code_repo_webhook_code: record.webhook_code,
    code_repo_public_key: record.public_key,
    created_by: record.config_created_by,
    build_node: record.build_node,
    agent_labels: record.agent_labels,
    email_enabled: record.email_enabled,
    reconcile_interval: record.reconcile_interval,
    code_repo_path_url: location?.page ?? null,
    deploy_url: location?.deployKeys ?? null,
    tag_configs: tag_configs.map((config) => tagConfigView(config, id)),
  };
}

const closedPath = (source: CodeSource): string =>
  source.client === 'Simple' ? source.cloneUrl : `${source.namespace}/${source.name}`;

const tagConfigView = (config: TagConfig, configId: number): TagConfigView => ({
  id: config.id,
  docker_build_config_id: configId,
  docker_repo_tag: config.dockerRepoTag,
  dockerfile_location: config.dockerfileLocation,
  code_repo_type: config.refType,
  code_repo_type_value: config.refName,
  is_active: config.isActive,
  version_tagging: config.versionTagging,
  build_context_path: config.buildContextPath,
  build_cache_enabled: config.cacheEnabled,
});
