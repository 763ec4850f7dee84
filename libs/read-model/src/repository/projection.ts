import { streams, type RepositoryEvent } from '@slipway/contracts';
import type { Projection } from '../views/view.js';
import type { RepositoryRow } from './table.js';

export const repositoryProjection: Projection<RepositoryRow, RepositoryEvent> = {
  keyOf: ({ stored }) => stored.stream,

  evolve: (row, { event: { type, data }, position }) => {
    if (type === 'RepositoryCreated') return row ?? created(data, position);
    if (!row) return undefined;
    switch (type) {
      case 'BuildConfigChanged':
        return {
          ...row,
          config_id: data.configId,
          config_created_by: row.config_created_by ?? data.changedBy,
          config_changes: row.config_changes + 1,
          source: data.source,
          build_node: data.buildNode,
          agent_labels: data.agentLabels ?? {},
          email_enabled: data.emailEnabled,
          reconcile_interval: data.reconcileIntervalS ?? null,
          tag_configs: data.tagConfigs,
          updated_at: data.at,
        };
      case 'DeployKeyIssued':
        return { ...row, public_key: data.publicKey, updated_at: data.at };
      case 'RepositoryDescribed': {
        const { description, fullDescription, isPublic, at } = data;
        return { ...row, description, full_description: fullDescription, is_public: isPublic, updated_at: at };
      }
      case 'WebhookIssued':
        return { ...row, webhook_code: data.code, webhook_has_secret: data.secret !== null };
      case 'DeployKeyResealed':
      case 'WebhookSecretResealed':
      case 'RepositoryDeletionBegan':
      case 'RepositoryDeletionRefused':
        return row;
      case 'RepositoryDeleted':
        return undefined;
    }
  },
};

type Created = Extract<RepositoryEvent, { type: 'RepositoryCreated' }>['data'];

function created(
  { namespace, repoName, description, fullDescription, isPublic, createdBy, at }: Created,
  position: number,
): RepositoryRow {
  return {
    stream: streams.repository(namespace, repoName),
    position,
    namespace,
    repo_name: repoName,
    description,
    full_description: fullDescription,
    is_public: isPublic,
    created_by: createdBy,
    created_at: at,
    updated_at: at,
    config_id: null,
    config_created_by: null,
    config_changes: 0,
    source: null,
    build_node: null,
    agent_labels: {},
    email_enabled: false,
    reconcile_interval: null,
    tag_configs: [],
    public_key: null,
    webhook_code: null,
    webhook_has_secret: false,
  };
}
