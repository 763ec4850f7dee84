import type { BuildListItem, BuildView } from '@slipway/contracts';
import { versionTagOf } from '@slipway/domain';
import type { BuildRow, ListedBuild } from './table.js';

/** The answer of `GET /v1/builds/{id}`. */
export function buildView(row: BuildRow): BuildView {
  const { step_at, build_node, build_context_path, attempt, agent, digest, size, tags, failure, phases, log_lines } =
    row;
  return {
    ...commonView(row),
    step_at,
    build_node,
    build_context_path,
    is_removable: row.removed_at === null && (row.status === 'W' || row.status === 'F' || row.status === 'D'),
    attempt,
    agent,
    digest,
    size,
    tags,
    failure,
    steps: [...row.steps],
    phases,
    log_lines,
    removed_at: row.removed_at,
  };
}

/** A row of `GET /v1/builds`. */
export const buildListItem = (row: ListedBuild): BuildListItem => ({ ...commonView(row), detail: row.detail });

/** Hex digits of an image id that the API prints, as `docker images` does. */
const IMAGE_ID_DIGITS = 12;
export const shortImageId = (imageId: string | null): string | null =>
  imageId && imageId.slice(imageId.indexOf(':') + 1).slice(0, IMAGE_ID_DIGITS);

function commonView(row: ListedBuild): Omit<BuildListItem, 'detail'> {
  const { code_head_commit: commit, code_commit_url_prefix: commitPrefix } = row;
  return {
    build_id: row.build_id,
    created_at: row.created_at,
    started_at: row.started_at,
    ended_at: row.ended_at,
    code_head_commit: commit,
    code_repo_client: row.code_repo_client,
    code_repo_path: row.code_repo_path,
    code_repo_type: row.code_repo_type,
    code_repo_type_value: row.code_repo_type_value,
    created_by: row.created_by,
    image_id: shortImageId(row.image_id),
    docker_repo_path: `${row.namespace}/${row.repo_name}`,
    docker_repo_tag: row.docker_repo_tag,
    docker_repo_version_tag: versionTagOf({ versionTagging: row.version_tagging }, row.created_at, commit) ?? null,
    dockerfile_location: row.dockerfile_location,
    status: row.status,
    state: row.state,
    auto_created: row.auto_created,
    build_cache_enabled: row.build_cache_enabled,
    code_repo_http_url: row.code_repo_http_url,
    code_commit_http_url: commitPrefix !== null && commit !== null ? commitPrefix + commit : null,
    code_repo_branch_url: row.code_repo_branch_url,
  };
}
