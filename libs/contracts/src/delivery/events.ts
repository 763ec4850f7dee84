import { z } from 'zod';
import { ActorName, BuildId, CommitId, ImageTag, ImageTagTemplate, Instant, Namespace, RepoName } from '../names.js';
import { CodeHostName } from '../repository/code-source.js';
import { RefType } from '../repository/tag-config.js';
import { WebhookCode } from '../repository/webhook-code.js';
import { RefChange } from './ref-change.js';
import { SkipReason } from './skip-reason.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({ type: z.literal(type), data: z.object({ ...data, at: Instant }) });

/** Every run looks at the refs anew; `runId` names it. */
const runId = z.uuid();

/** Whose webhook a delivery came by. */
const origin = {
  code: WebhookCode,
  namespace: Namespace,
  repoName: RepoName,
  /** A later repository of the same name has another. */
  configId: z.int().positive(),
  client: CodeHostName,
};

export const DeliveryEvent = z.discriminatedUnion('type', [
  /** All that is needed to look at it again; of what proved it nothing is kept. */
  event('DeliveryReceived', {
    ...origin,
    deliveryId: z.string(),
    runId,
    /** In the words of the code host. */
    event: z.string(),
    /** SHA-256 of the body as it came. */
    digest: z.string(),
    changes: z.array(RefChange),
    /** Why it holds no push; null: it does. */
    note: z.enum(['PING', 'NOT_A_PUSH']).nullable(),
    /** The proof does not cover the refs: the code host is asked where they are. */
    mustConfirm: z.boolean(),
  }),
  /** A tag config is for it: this build is to be requested. */
  event('DeliveryMatched', {
    runId,
    refType: RefType,
    refName: z.string(),
    commit: CommitId,
    tagConfigId: z.int().positive(),
    dockerRepoTag: ImageTagTemplate,
    imageTag: ImageTag,
    buildId: BuildId,
  }),
  event('DeliverySkipped', {
    runId,
    /** Null: the whole delivery. */
    refName: z.string().nullable(),
    refType: RefType.nullable(),
    commit: CommitId.nullable(),
    tagConfigId: z.int().positive().nullable(),
    why: SkipReason,
    /** What somebody else said: the code of an error, the words of a code host. */
    detail: z.string().optional(),
    /** Of a build that was to be requested, and was refused. */
    buildId: BuildId.optional(),
  }),
  /** Something is not to be had at the moment; it is tried again. */
  event('DeliveryDelayed', { runId, why: z.string() }),
  /** Every build of the run is requested, or refused for good. */
  event('DeliveryCompleted', { runId }),
  event('DeliveryReplayed', { runId, by: ActorName }),
]);
export type DeliveryEvent = z.infer<typeof DeliveryEvent>;
export type DeliveryEventOf<T extends DeliveryEvent['type']> = Extract<DeliveryEvent, { type: T }>;
