import type { Role } from '@slipway/contracts';
import type { Table } from '../database/table.js';

/** One that was not removed. */
export interface RobotRow {
  /** `<namespace>+<label>`: its name as an actor. */
  readonly name: string;
  readonly namespace: string;
  readonly label: string;
  readonly role: Role;
  readonly token_id: string;
  /** SHA-256, hex. */
  readonly token_hash: string;
  readonly created_by: string;
  readonly created_at: string;
  /** Null: never. */
  readonly expires_at: string | null;
}

export const robotTable: Table<RobotRow> = {
  name: 'robot',
  columns: {
    name: 'text',
    namespace: 'text',
    label: 'text',
    role: 'text',
    token_id: 'text',
    token_hash: 'text',
    created_by: 'text',
    created_at: 'text',
    expires_at: 'text?',
  },
  primaryKey: ['name'],
  indexes: [
    { name: 'robot_by_hash', columns: ['token_hash'] },
    { name: 'robot_by_namespace', columns: ['namespace', 'label'] },
  ],
};
