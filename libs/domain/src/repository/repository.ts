import type { RepositoryEvent, SealedKey } from '@slipway/contracts';
import type { Decider } from '@slipway/kernel';
import { changeBuildConfig, describeRepository } from './change.js';
import type { RepositoryCommand, RepositoryContent } from './commands.js';
import { create } from './create.js';
import { beginDeletion, finishDeletion } from './deletion.js';
import { resealDeployKey, rotateDeployKey } from './rotation.js';
import { issueWebhook, resealWebhook } from './webhook.js';

export interface PresentRepository extends RepositoryContent {
  readonly phase: 'present';
  readonly deployKey: IssuedKey | null;
  /** Where pushes are taken; `secret: null`: they cannot be signed. */
  readonly webhook: { readonly code: string; readonly secret: SealedKey | null } | null;
  /** How often the build config was set. */
  readonly configChanges: number;
  /** Of the deletion that is being decided; null: none. */
  readonly deletionId: string | null;
}

interface IssuedKey {
  readonly publicKey: string;
  readonly privateKey: SealedKey;
  readonly rotationId: string | undefined;
}

export type Repository =
  | { readonly phase: 'absent' }
  | PresentRepository
  | { readonly phase: 'deleted'; readonly deletionId: string };

export const repository: Decider<Repository, RepositoryCommand, RepositoryEvent> = {
  initial: { phase: 'absent' },

  decide: ({ type, data }, state) => {
    switch (type) {
      case 'CreateRepository':
        return create(data, state);
      case 'DescribeRepository':
        return describeRepository(data, state);
      case 'ChangeBuildConfig':
        return changeBuildConfig(data, state);
      case 'RotateDeployKey':
        return rotateDeployKey(data, state);
      case 'ResealDeployKey':
        return resealDeployKey(data, state);
      case 'IssueWebhook':
        return issueWebhook(data, state);
      case 'ResealWebhook':
        return resealWebhook(data, state);
      case 'BeginDeletion':
        return beginDeletion(data, state);
      case 'FinishDeletion':
        return finishDeletion(data, state);
    }
  },

  evolve: (state, { type, data }) => {
    if (type === 'RepositoryCreated') {
      const { at: _at, ...content } = data;
      return {
        phase: 'present',
        deployKey: null,
        webhook: null,
        configChanges: 0,
        deletionId: null,
        ...NO_CONFIG,
        ...content,
      };
    }
    if (state.phase !== 'present') return state;
    switch (type) {
      case 'BuildConfigChanged': {
        const { configId, source, buildNode, agentLabels, emailEnabled, reconcileIntervalS = null, tagConfigs } = data;
        const settings = { buildNode, agentLabels, emailEnabled, reconcileIntervalS };
        return { ...state, configId, source, ...settings, tagConfigs, configChanges: state.configChanges + 1 };
      }
      case 'DeployKeyIssued':
        return { ...state, deployKey: issuedKey(data) };
      case 'DeployKeyResealed':
        return { ...state, deployKey: state.deployKey && { ...state.deployKey, privateKey: data.privateKey } };
      case 'WebhookIssued':
      case 'WebhookSecretResealed':
        return { ...state, webhook: { code: data.code, secret: data.secret } };
      case 'RepositoryDescribed': {
        const { description, fullDescription, isPublic } = data;
        return { ...state, description, fullDescription, isPublic };
      }
      case 'RepositoryDeletionBegan':
        return { ...state, deletionId: data.deletionId };
      case 'RepositoryDeletionRefused':
        return { ...state, deletionId: null };
      case 'RepositoryDeleted':
        return { phase: 'deleted', deletionId: data.deletionId };
    }
  },
};

const issuedKey = ({ publicKey, privateKey, rotationId }: IssuedKeyFields): IssuedKey => ({
  publicKey,
  privateKey,
  rotationId,
});
type IssuedKeyFields = Extract<RepositoryEvent, { type: 'DeployKeyIssued' }>['data'];

/** Until the `BuildConfigChanged` of the same append is folded. */
const NO_CONFIG = {
  configId: 0,
  source: { client: 'Simple', cloneUrl: '' },
  buildNode: '',
  emailEnabled: false,
  reconcileIntervalS: null,
  tagConfigs: [],
} as const satisfies Partial<RepositoryContent>;
