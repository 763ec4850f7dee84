import { z } from 'zod';

/** One path component of Docker's repository-name grammar. Source: distribution/reference. */
const PATH_COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const MAX_NAME = 64;
const component = (what: string, max: number) =>
  z
    .string()
    .min(1, `${what} must not be empty`)
    .max(max, `${what} has more than ${max} characters`)
    .regex(
      new RegExp(`^${PATH_COMPONENT}$`),
      `${what} must be lower-case letters and digits, separated by '.', '_', '__' or '-'`,
    );

/** A user or an organisation; the first part of an image's path. */
export const Namespace = component('namespace', MAX_NAME).meta({ examples: ['alice'] });
export type Namespace = z.infer<typeof Namespace>;

export const RepoName = component('repo_name', 128).meta({ examples: ['hello'] });
export type RepoName = z.infer<typeof RepoName>;

/** Docker's tag grammar. */
export const ImageTag = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, 'not a valid image tag')
  .meta({ examples: ['latest'] });
export type ImageTag = z.infer<typeof ImageTag>;

/** What an image tag is made by: `{sourceref}` is the name of the branch or tag, `{1}`…`{9}` what its pattern caught. */
export const ImageTagTemplate = z
  .string()
  .max(255)
  .regex(
    /^(?:[A-Za-z0-9_]|\{sourceref\}|\{[1-9]\})(?:[A-Za-z0-9_.-]|\{sourceref\}|\{[1-9]\})*$/,
    'not a valid image tag, nor one with {sourceref} or {1} to {9} in it',
  )
  .refine((template) => template.replaceAll(/\{\w+\}/g, '').length <= 128, 'has more than 128 characters')
  .meta({ examples: ['latest'] });
export type ImageTagTemplate = z.infer<typeof ImageTagTemplate>;

/** Region whose agents run the builds; one token of a subject. */
export const BuildNode = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'not a valid build node')
  .meta({ examples: ['in'] });
export type BuildNode = z.infer<typeof BuildNode>;

export const UserName = component('username', MAX_NAME).meta({ examples: ['alice'] });
export type UserName = z.infer<typeof UserName>;

/** What a robot is called within its namespace. */
export const RobotLabel = component('name', MAX_NAME).meta({ examples: ['ci'] });
export type RobotLabel = z.infer<typeof RobotLabel>;

const ROBOT_SIGN = '+';

/** Who did something: a user, or a robot as `<namespace>+<name>`, which is the name of no user. */
export const ActorName = z
  .string()
  .max(2 * MAX_NAME + ROBOT_SIGN.length)
  .regex(new RegExp(`^${PATH_COMPONENT}(?:\\+${PATH_COMPONENT})?$`), 'not a name')
  .meta({ examples: ['alice', 'alice+ci'] });
export type ActorName = z.infer<typeof ActorName>;

export const robotName = (namespace: Namespace, label: RobotLabel): ActorName => namespace + ROBOT_SIGN + label;

/** Whose robot it is; undefined: it is a user. */
export function namespaceOfRobot(name: ActorName): Namespace | undefined {
  const [namespace, label] = name.split(ROBOT_SIGN);
  return label === undefined ? undefined : namespace;
}

/** As the metadata of events say it: `user:alice`, `robot:alice+ci`. */
export const actorOf = (name: ActorName): string =>
  `${namespaceOfRobot(name) === undefined ? 'user' : 'robot'}:${name}`;

export const BuildId = z.uuid();
export type BuildId = z.infer<typeof BuildId>;

/** ISO 8601 UTC with milliseconds. */
export const Instant = z.iso.datetime({ precision: 3 });
export type Instant = z.infer<typeof Instant>;

/** Full commit id: SHA-1 or SHA-256, lower-case hex. */
export const CommitId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'not a full commit id');
export type CommitId = z.infer<typeof CommitId>;

/** `sha256:<64 hex>`: of an image's configuration (image id) or of its manifest (digest). */
export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'not a sha256 digest');
export type Digest = z.infer<typeof Digest>;

/** `<namespace>.<name>`; a dot of the namespace's own is escaped, so that no two repositories share a stream. */
const pathOf = (namespace: string, repoName: string): string => `${namespace.replaceAll('.', '%2E')}.${repoName}`;

/** The tags of a registry that are not the user's. */
export const ownTags = {
  /** What one attempt pushes: nobody else writes it, whenever its push comes through. */
  ofAttempt: (buildId: string, attempt: number): string => `build-${buildId}.${attempt}`,
  /** The image of the build, as it is recorded. */
  ofBuild: (buildId: string): string => `build-${buildId}`,
} as const;

/** Every word of every event-stream name is made here. */
export const streams = {
  repository: (namespace: string, repoName: string): string => `repository-${pathOf(namespace, repoName)}`,
  build: (buildId: string): string => `build-${buildId}`,
  buildLog: (buildId: string): string => `buildlog-${buildId}`,
  tag: (namespace: string, repoName: string, tag: string): string => `tag-${pathOf(namespace, repoName)}:${tag}`,
  /** What was asked under one idempotency key of one user, and what was answered. */
  request: (requestId: string): string => `request-${requestId}`,
  /** The outgoing webhooks of a namespace. */
  hooks: (namespace: string): string => `hooks-${namespace}`,
  /** The build secrets and registry credentials of a namespace. */
  secrets: (namespace: string): string => `secrets-${namespace}`,
  /** The tokens of a namespace for the APIs of code hosts. */
  codeHostTokens: (namespace: string): string => `codehosttokens-${namespace}`,
  /** Whose a webhook code is. */
  webhook: (code: string): string => `webhook-${code}`,
  /** One delivery of a code host. */
  delivery: (code: string, deliveryId: string): string => `delivery-${code}.${deliveryId}`,
  /** Where the refs of a build config are, as far as it is known. */
  refs: (configId: number): string => `refs-${configId}`,
  notification: (notificationId: string): string => `notification-${notificationId}`,
  user: (name: string): string => `user-${name}`,
  /** Who is active, and who an administrator of the system: all users in one, so that the last one is known. */
  standings: (): string => 'userstanding-all',
  /** The robots of a namespace. */
  robots: (namespace: string): string => `robots-${namespace}`,
  /** Whose a name is, user's or organisation's, and who is a member there. */
  namespace: (name: string): string => `namespace-${name}`,
  /** The host keys that are pinned, of all hosts. */
  hostKeys: (): string => 'hostkeys-pinned',
  /** What an identity of an issuer was linked to; `identityId` is made of both. */
  identity: (identityId: string): string => `identity-${identityId}`,
  sequence: (name: string): string => `sequence-${name}`,
  checkpoint: (name: string): string => `checkpoint-${name}`,
} as const;

/** Whose public tag the events of a `tag-` stream are about; undefined: `streams.tag` did not make this name. */
export function publicTagOfStream(
  stream: string,
): { readonly namespace: Namespace; readonly repoName: RepoName; readonly tag: ImageTag } | undefined {
  const [, namespace, repoName, tag] = /^tag-([^.:]+)\.([^:]+):([^:]+)$/.exec(stream) ?? [];
  if (namespace === undefined || repoName === undefined || tag === undefined) return undefined;
  return { namespace: namespace.replaceAll('%2E', '.'), repoName, tag };
}

/** Which repository a `repository-` stream is about; undefined: `streams.repository` did not make this name. */
export function repositoryOfStream(
  stream: string,
): { readonly namespace: Namespace; readonly repoName: RepoName } | undefined {
  const [, namespace, repoName] = /^repository-([^.]+)\.(.+)$/.exec(stream) ?? [];
  if (namespace === undefined || repoName === undefined) return undefined;
  return { namespace: namespace.replaceAll('%2E', '.'), repoName };
}
