import { z } from 'zod';
import { AgentLabels } from '../agent/heartbeat.js';
import { ActorName, BuildNode, Instant, Namespace, RepoName } from '../names.js';
import { CodeSource } from './code-source.js';
import { TagConfig } from './tag-config.js';
import { WebhookCode } from './webhook-code.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({ type: z.literal(type), data: z.object(data) });

/** A private key under AES-256-GCM; `keyId` says which key of the environment opens it. */
export const SealedKey = z.object({ keyId: z.string(), iv: z.base64(), tag: z.base64(), ciphertext: z.base64() });
export type SealedKey = z.infer<typeof SealedKey>;

export const RepositoryEvent = z.discriminatedUnion('type', [
  event('RepositoryCreated', {
    namespace: Namespace,
    repoName: RepoName,
    description: z.string(),
    fullDescription: z.string(),
    isPublic: z.boolean(),
    createdBy: ActorName,
    at: Instant,
  }),
  /** The whole build config as it is from now on. */
  event('BuildConfigChanged', {
    configId: z.int().positive(),
    source: CodeSource,
    buildNode: BuildNode,
    /** What agents of its builds have to have; absent: nothing. */
    agentLabels: AgentLabels.optional(),
    emailEnabled: z.boolean(),
    /** Seconds; 0: never; null or absent: as the service does. */
    reconcileIntervalS: z.int().min(0).nullable().optional(),
    tagConfigs: z.array(TagConfig),
    changedBy: ActorName,
    at: Instant,
  }),
  event('DeployKeyIssued', {
    configId: z.int().positive(),
    /** OpenSSH format, one line. */
    publicKey: z.string(),
    privateKey: SealedKey,
    /** Of the command that asked for another key; absent: the first one. */
    rotationId: z.uuid().optional(),
    at: Instant,
  }),
  /** The same deploy key, under another key of the environment. */
  event('DeployKeyResealed', {
    configId: z.int().positive(),
    publicKey: z.string(),
    privateKey: SealedKey,
    at: Instant,
  }),
  /** Pushes are taken at this code from now on, and at no former one. */
  event('WebhookIssued', {
    configId: z.int().positive(),
    code: WebhookCode,
    /** What deliveries are signed with; null: none was asked for yet. */
    secret: SealedKey.nullable(),
    issuedBy: ActorName,
    at: Instant,
  }),
  /** The same secret, under another key of the environment. */
  event('WebhookSecretResealed', { configId: z.int().positive(), code: WebhookCode, secret: SealedKey, at: Instant }),
  /** Descriptions and visibility as they are from now on. */
  event('RepositoryDescribed', {
    description: z.string(),
    fullDescription: z.string(),
    isPublic: z.boolean(),
    changedBy: ActorName,
    at: Instant,
  }),
  /** No build is taken any more until it is known whether one is open. */
  event('RepositoryDeletionBegan', { deletionId: z.uuid(), requestedBy: ActorName, at: Instant }),
  event('RepositoryDeletionRefused', {
    deletionId: z.uuid(),
    /** Builds that had not ended; null: nobody could say. */
    openBuilds: z.int().nonnegative().nullable(),
    at: Instant,
  }),
  /** The name is free again; what happened stays. */
  event('RepositoryDeleted', { deletionId: z.uuid(), deletedBy: ActorName, at: Instant }),
]);
export type RepositoryEvent = z.infer<typeof RepositoryEvent>;
