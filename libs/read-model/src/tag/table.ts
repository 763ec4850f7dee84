import type { Table } from '../database/table.js';

/** One public tag, and the build that holds it now. What the image is stands with the build. */
export interface PublicTagRow {
  /** Its event stream. */
  readonly stream: string;
  readonly namespace: string;
  readonly repo_name: string;
  readonly tag: string;
  /** Of its last TagMoved: tags are listed by it. */
  readonly position: number;
  readonly build_id: string;
  readonly digest: string;
  readonly pushed_at: string;
}

export const publicTagTable: Table<PublicTagRow> = {
  name: 'public_tag',
  columns: {
    stream: 'text',
    namespace: 'text',
    repo_name: 'text',
    tag: 'text',
    position: 'int',
    build_id: 'text',
    digest: 'text',
    pushed_at: 'text',
  },
  primaryKey: ['stream'],
  indexes: [{ name: 'public_tag_by_repository', columns: ['namespace', 'repo_name', 'position'] }],
};
