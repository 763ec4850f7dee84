import type { AgentLabels, CodeSource, SealedKey, TagConfig } from '@slipway/contracts';
import type { CodeHosts } from '../code-host/code-host.js';

/** What a user says about an image repository, plus the ids that were given to its parts. */
export interface RepositoryContent {
  readonly namespace: string;
  readonly repoName: string;
  readonly description: string;
  readonly fullDescription: string;
  readonly isPublic: boolean;
  readonly createdBy: string;
  readonly configId: number;
  readonly source: CodeSource;
  readonly buildNode: string;
  /** What agents of its builds have to have; absent: nothing. */
  readonly agentLabels?: AgentLabels | undefined;
  readonly emailEnabled: boolean;
  /** Seconds; 0: never; null: as the service does. */
  readonly reconcileIntervalS: number | null;
  readonly tagConfigs: readonly TagConfig[];
}

/** Ids, keys and time come with the command; a repeated command may bring others, which are then not used. */
export interface CreateRepository {
  readonly type: 'CreateRepository';
  readonly data: RepositoryContent & {
    /** OpenSSH format, one line. */
    readonly publicKey: string;
    readonly privateKey: SealedKey;
    readonly hosts: CodeHosts;
    /** For the webhook, should a push start builds. */
    readonly webhookCode?: string;
    readonly at: string;
  };
}

/** Which repository is meant, and who asks. */
interface Named {
  readonly namespace: string;
  readonly repoName: string;
  readonly by: string;
  readonly at: string;
}

/** What is undefined stays as it is. */
export interface DescribeRepository {
  readonly type: 'DescribeRepository';
  readonly data: Named & {
    readonly description?: string | undefined;
    readonly fullDescription?: string | undefined;
    readonly isPublic?: boolean | undefined;
  };
}

export interface TagConfigChange {
  /** With a fresh id where `knownId` is undefined. */
  readonly config: TagConfig;
  /** Of the tag config that is to become this one. */
  readonly knownId: number | undefined;
  /** Of the build config that the user believes it belongs to. */
  readonly configId: number | undefined;
}

/** The tag configs are the whole set from now on; what else is undefined stays as it is. */
export interface ChangeBuildConfig {
  readonly type: 'ChangeBuildConfig';
  readonly data: Named & {
    /** Revisions that the change may be made to; undefined: any. */
    readonly ifMatch: readonly string[] | undefined;
    readonly buildNode: string | undefined;
    readonly agentLabels?: AgentLabels | undefined;
    readonly emailEnabled: boolean | undefined;
    readonly reconcileIntervalS: number | null | undefined;
    readonly tagConfigs: readonly TagConfigChange[];
    /** For the webhook, should a push start builds and there be none yet. */
    readonly webhookCode?: string;
  };
}

/** The new key comes with the command; `rotationId` makes it repeatable. */
export interface RotateDeployKey {
  readonly type: 'RotateDeployKey';
  readonly data: Named & {
    readonly rotationId: string;
    /** OpenSSH format, one line. */
    readonly publicKey: string;
    readonly privateKey: SealedKey;
  };
}

/** The deploy key with this public half, sealed by another key of the environment. */
export interface ResealDeployKey {
  readonly type: 'ResealDeployKey';
  readonly data: Named & { readonly publicKey: string; readonly privateKey: SealedKey };
}

/** A fresh code and secret; the code makes it repeatable. */
export interface IssueWebhook {
  readonly type: 'IssueWebhook';
  readonly data: Named & { readonly code: string; readonly secret: SealedKey };
}

/** The secret of this webhook, sealed by another key of the environment. */
export interface ResealWebhook {
  readonly type: 'ResealWebhook';
  readonly data: Named & { readonly code: string; readonly secret: SealedKey };
}

/** From here on no build is taken, so that whether one is open can be found out. */
export interface BeginDeletion {
  readonly type: 'BeginDeletion';
  readonly data: Named & { readonly deletionId: string };
}

export interface FinishDeletion {
  readonly type: 'FinishDeletion';
  readonly data: Named & {
    readonly deletionId: string;
    /** Builds that were requested before the deletion began and have not ended; null: nobody could say. */
    readonly openBuilds: number | null;
  };
}

export type RepositoryCommand =
  | CreateRepository
  | DescribeRepository
  | ChangeBuildConfig
  | RotateDeployKey
  | ResealDeployKey
  | IssueWebhook
  | ResealWebhook
  | BeginDeletion
  | FinishDeletion;
