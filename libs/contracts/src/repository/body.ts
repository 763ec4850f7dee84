import { z } from 'zod';
import { AskedLabels } from '../agent/heartbeat.js';
import { BuildNode, ImageTagTemplate, RepoName } from '../names.js';
import { RefType, VersionTagging } from './tag-config.js';

const text = (max: number) => z.string().max(max);
// oxlint-disable-next-line no-control-regex -- control characters are what it refuses
const printable = /^[^\u0000-\u001f\u007f]*$/;

/** A path inside the repository: `/` is its root. No `..`, no control characters. */
const RepositoryPath = z
  .string()
  .max(1024)
  .regex(printable, 'control characters are not allowed')
  .refine((path) => !path.split('/').includes('..'), "'..' is not allowed in a path");

/** A branch or tag name. Source: git-check-ref-format(1), the part that protects command lines and subjects. */
export const RefName = z
  .string()
  .min(1)
  .max(255)
  .regex(printable, 'control characters are not allowed')
  .regex(/^[^-\s]\S*$/, 'must not start with "-" nor contain white space')
  .meta({ examples: ['main'] });

const CodeRepoPart = z
  .string()
  .regex(/^(?!\.{1,2}$)[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}$/, 'not a valid name on a code host')
  .meta({ examples: ['hello'] });

/** A name before the host is a login over http, and part of the address over ssh; a password is never one. */
const WITH_LOGIN = /^https?:\/\/[^/?#]*@|^ssh:\/\/[^/?#@]*:[^/?#]*@/i;

/** `https://`, `http://`, `ssh://` or `user@host:path`; never an option, never a local path, never a secret. */
const CloneUrl = z
  .string()
  .max(2048)
  .regex(printable, 'control characters are not allowed')
  .regex(/^(?:https?:\/\/|ssh:\/\/)[^\s-]\S*$|^[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^\s:-]\S*$/, {
    error: 'must be an https://, http:// or ssh:// URL, or user@host:path',
  })
  .refine((url) => !WITH_LOGIN.test(url), {
    error: 'must hold no user name or password, which others could read: install the deploy key and use an ssh URL',
  })
  .meta({ examples: ['https://code.example/hello.git'] });

const TagConfigFields = z.object({
  code_repo_type: RefType,
  code_repo_type_value: RefName.describe(
    'Name of the branch or tag, a glob (`release/*`) or a `/regular expression/` (RE2).',
  ),
  docker_repo_tag: ImageTagTemplate.describe(
    'The image tag to publish; `{sourceref}` stands for the branch or tag, `{1}` to `{9}` for what the pattern caught. ' +
      '`docker_build_tag` is its older name.',
  ),
  build_context_path: RepositoryPath.default('/').describe(
    'Folder that is sent as build context, from the root of the code.',
  ),
  dockerfile_location: RepositoryPath.default('/').describe(
    'Folder that holds the `Dockerfile`, or the path of a Dockerfile.',
  ),
  is_active: z.boolean().default(false).describe('Continuous build: a push to that branch or tag starts a build.'),
  build_cache_enabled: z.boolean().default(true).describe('Use the layer cache.'),
  version_tagging: VersionTagging.default(0).describe(
    '0: no extra tag; 1: `vYYYYMMDD.HHMMSS` of the creation of the build, UTC; 2: the commit id.',
  ),
});

/** `docker_build_tag` is the older name of `docker_repo_tag`. */
const withOlderName = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !('docker_build_tag' in value)) return value;
  const { docker_build_tag: older, ...rest } = value;
  return 'docker_repo_tag' in rest ? rest : { ...rest, docker_repo_tag: older };
};
export const TagConfigBody = z.preprocess(withOlderName, TagConfigFields);
export type TagConfigBody = z.infer<typeof TagConfigBody>;

const MAX_TAG_CONFIGS = 100;
const areDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
const tagConfigs = <T extends z.ZodType<TagConfigBody>>(config: T) =>
  z
    .array(config)
    .max(MAX_TAG_CONFIGS)
    .refine((configs) => areDistinct(configs.map(({ docker_repo_tag: tag }) => tag)), {
      error: 'two tag configs publish the same docker_repo_tag',
    });
const MIN_RECONCILE_S = 60;
const MAX_RECONCILE_S = 86_400;
/** How often code hosts are asked for refs, seconds. */
const ReconcileInterval = z
  .union([z.literal(0), z.int().min(MIN_RECONCILE_S).max(MAX_RECONCILE_S)], {
    error: `0, or ${MIN_RECONCILE_S} to ${MAX_RECONCILE_S} seconds`,
  })
  .nullable()
  .describe('How often refs are compared with what webhooks told of, in seconds; 0: never; null: as the service does.');

const configFields = {
  build_node: BuildNode.default('in').describe('Region whose agents run the builds.'),
  agent_labels: AskedLabels.default({}),
  email_enabled: z.boolean().default(false).describe('Mail the owner when a build ends.'),
  reconcile_interval: ReconcileInterval.default(null),
  tag_configs: tagConfigs(TagConfigBody),
};

export const BuildConfigBody = z.discriminatedUnion('code_repo_client', [
  z.object({
    code_repo_client: z.enum(['GitHub', 'Bitbucket', 'OSChina', 'GitCafe']),
    code_repo_namespace: CodeRepoPart,
    code_repo_name: CodeRepoPart,
    ...configFields,
  }),
  z.object({ code_repo_client: z.literal('Simple'), code_repo_clone_url: CloneUrl, ...configFields }),
]);
export type BuildConfigBody = z.infer<typeof BuildConfigBody>;

/** Body of `POST /v1/repositories/{namespace}`. */
export const CreateRepositoryBody = z.object({
  repo_name: RepoName,
  description: text(1_000).default('').describe('In a sentence.'),
  full_description: text(100_000).default(''),
  is_public: z
    .boolean()
    .default(false)
    .describe('Readable by everybody; its images are base images for everybody, too.'),
  build_config: BuildConfigBody,
});
export type CreateRepositoryBody = z.infer<typeof CreateRepositoryBody>;

/** Body of `PUT /v1/repositories/{namespace}/{repo_name}`. What is left out stays as it is. */
export const UpdateRepositoryBody = z.object({
  description: text(1_000).optional(),
  full_description: text(100_000).optional(),
  is_public: z.boolean().optional(),
});
export type UpdateRepositoryBody = z.infer<typeof UpdateRepositoryBody>;

export const ChangeTagConfigBody = z.preprocess(
  withOlderName,
  TagConfigFields.extend({
    /** Of the tag config that becomes this one; absent: a new one. */
    id: z.int().positive().optional(),
    docker_build_config_id: z.int().positive().optional(),
  }),
);

/**
 * Body of `PUT …/build-config`. The tag configs are the whole set from now on; what an entry leaves out is its default.
 * Region, labels, mail and interval stay as they are when they are left out.
 */
export const ChangeBuildConfigBody = z.object({
  build_node: BuildNode.optional(),
  agent_labels: AskedLabels.optional(),
  email_enabled: z.boolean().optional(),
  reconcile_interval: ReconcileInterval.optional(),
  tag_configs: tagConfigs(ChangeTagConfigBody).refine(
    (configs) => areDistinct(configs.flatMap(({ id }) => (id === undefined ? [] : [id]))),
    { error: 'two tag configs have the same id' },
  ),
});
export type ChangeBuildConfigBody = z.infer<typeof ChangeBuildConfigBody>;
