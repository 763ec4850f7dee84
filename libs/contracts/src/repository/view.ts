import { z } from 'zod';
import { AgentLabels } from '../agent/heartbeat.js';
import { Instant } from '../names.js';
import { CodeHostName } from './code-source.js';
import { RefType, VersionTagging } from './tag-config.js';

/** A tag config as the API shows it. */
export const TagConfigView = z.object({
  id: z.int().positive(),
  docker_build_config_id: z.int().positive(),
  docker_repo_tag: z.string(),
  dockerfile_location: z.string(),
  code_repo_type: RefType,
  code_repo_type_value: z.string(),
  is_active: z.boolean(),
  version_tagging: VersionTagging,
  build_context_path: z.string(),
  build_cache_enabled: z.boolean(),
});
export type TagConfigView = z.infer<typeof TagConfigView>;

export const BuildConfigView = z.object({
  id: z.int().positive(),
  docker_repo_path: z.string(),
  code_repo_client: CodeHostName,
  code_repo_path: z.string(),
  code_repo_webhook_code: z
    .string()
    .nullable()
    .describe('Names the webhook of this build config; null without one, and for whoever may not build.'),
  code_repo_public_key: z.string().describe('The deploy key, as OpenSSH prints it.'),
  created_by: z.string(),
  build_node: z.string().describe('Region whose agents run the builds.'),
  agent_labels: AgentLabels.describe('Labels that an agent has to have to run the builds.'),
  email_enabled: z.boolean().describe('Mail the owner when a build ends.'),
  reconcile_interval: z
    .int()
    .nullable()
    .describe('How often refs are compared, in seconds; 0: never; null: as the service does.'),
  code_repo_path_url: z.string().nullable().describe('Page of the code.'),
  deploy_url: z.string().nullable().describe('Page of the code host where the deploy key is to be installed.'),
  tag_configs: z.array(TagConfigView),
});
export type BuildConfigView = z.infer<typeof BuildConfigView>;

/** An image repository as the API shows it. */
export const RepositoryView = z.object({
  namespace: z.string(),
  repo_path: z.string().describe('`namespace/repo_name`.'),
  repo_name: z.string(),
  description: z.string(),
  full_description: z.string(),
  created_by: z.string(),
  created_at: Instant,
  updated_at: Instant,
  is_public: z.boolean().describe('Readable by everybody.'),
  is_automated: z.literal(true),
  download: z.int(),
  upload: z.int().describe('Times that an image was published.'),
  pulled_at: Instant.nullable(),
  pushed_at: Instant.nullable().describe('When a tag moved last.'),
  repo_starred_count: z.int(),
  logo_file: z.string(),
  build_config: BuildConfigView,
});
export type RepositoryView = z.infer<typeof RepositoryView>;
