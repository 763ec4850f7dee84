import { z } from 'zod';
import { AgentLabels } from '../agent/heartbeat.js';
import { ActorName, BuildId, BuildNode, CommitId, ImageTag, Namespace, RepoName } from '../names.js';
import { NetworkPolicy } from '../namespace/network-policy.js';
import { Priority } from './priority.js';
import { CodeHostName } from '../repository/code-source.js';
import { RefType, VersionTagging } from '../repository/tag-config.js';

/** Who or what asked for the build. */
export const Trigger = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('api') }),
  z.object({ kind: z.literal('webhook'), deliveryId: z.string() }),
  z.object({ kind: z.literal('rebuild'), buildId: BuildId }),
]);
export type Trigger = z.infer<typeof Trigger>;

/** Everything a build needs, frozen when it is requested: a later change of the build config does not touch it. */
export const BuildSpec = z.object({
  namespace: Namespace,
  repoName: RepoName,
  configId: z.int().positive(),
  tagConfigId: z.int().positive(),
  client: CodeHostName,
  /** `owner/project` on the code host. */
  codePath: z.string(),
  cloneUrl: z.string(),
  /** Over ssh, for a host that asks for the deploy key; absent: `cloneUrl` is the only way. */
  keyCloneUrl: z.string().optional(),
  urls: z.object({
    page: z.string().nullable(),
    ref: z.string().nullable(),
    /** The commit's page is this followed by the commit id. */
    commitPrefix: z.string().nullable(),
  }),
  refType: RefType,
  refName: z.string(),
  /** The commit asked for; null: whatever the ref points at when an agent fetches it. */
  commit: CommitId.nullable(),
  dockerRepoTag: ImageTag,
  versionTagging: VersionTagging,
  buildContextPath: z.string(),
  dockerfileLocation: z.string(),
  cacheEnabled: z.boolean(),
  buildNode: BuildNode,
  /** What its agent has to have; absent: nothing. */
  agentLabels: AgentLabels.optional(),
  /** Absent: `DEFAULT_PRIORITY`. */
  priority: Priority.optional(),
  /** What its steps may reach; absent: asked for before there were policies, `full`. */
  networkPolicy: NetworkPolicy.optional(),
  emailEnabled: z.boolean(),
  requestedBy: ActorName,
  trigger: Trigger,
});
export type BuildSpec = z.infer<typeof BuildSpec>;
