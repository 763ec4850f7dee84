import type { TagConfig, TagConfigBody } from '@slipway/contracts';

export const toTagConfig = (id: number, fields: TagConfigBody): TagConfig => ({
  id,
  refType: fields.code_repo_type,
  refName: fields.code_repo_type_value,
  dockerRepoTag: fields.docker_repo_tag,
  buildContextPath: fields.build_context_path,
  dockerfileLocation: fields.dockerfile_location,
  isActive: fields.is_active,
  cacheEnabled: fields.build_cache_enabled,
  versionTagging: fields.version_tagging,
});
