import type { AgentLabels, CodeSource, TagConfig } from '@slipway/contracts';
import type { Table } from '../database/table.js';

/** One image repository. Until its first append is folded to the end, the parts of its build config are null. */
export interface RepositoryRow {
  /** Its event stream: events of the build config name nothing else. */
  readonly stream: string;
  /** Of its creation. What came before it under the same name belongs to an earlier repository. */
  readonly position: number;
  readonly namespace: string;
  readonly repo_name: string;
  readonly description: string;
  readonly full_description: string;
  readonly is_public: boolean;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly config_id: number | null;
  readonly config_created_by: string | null;
  /** How often the build config was set. */
  readonly config_changes: number;
  readonly source: CodeSource | null;
  readonly build_node: string | null;
  readonly agent_labels: AgentLabels;
  readonly email_enabled: boolean;
  readonly reconcile_interval: number | null;
  readonly tag_configs: readonly TagConfig[];
  readonly public_key: string | null;
  readonly webhook_code: string | null;
  readonly webhook_has_secret: boolean;
}

export const repositoryTable: Table<RepositoryRow> = {
  name: 'repository',
  columns: {
    stream: 'text',
    position: 'int',
    namespace: 'text',
    repo_name: 'text',
    description: 'text',
    full_description: 'text',
    is_public: 'bool',
    created_by: 'text',
    created_at: 'text',
    updated_at: 'text',
    config_id: 'int?',
    config_created_by: 'text?',
    config_changes: 'int',
    source: 'json?',
    build_node: 'text?',
    agent_labels: 'json',
    email_enabled: 'bool',
    reconcile_interval: 'int?',
    tag_configs: 'json',
    public_key: 'text?',
    webhook_code: 'text?',
    webhook_has_secret: 'bool',
  },
  primaryKey: ['stream'],
  indexes: [{ name: 'repository_by_name', columns: ['namespace', 'repo_name'] }],
};
