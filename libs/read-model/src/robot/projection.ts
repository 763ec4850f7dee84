import { robotName, type RobotEvent } from '@slipway/contracts';
import type { Projection } from '../views/view.js';
import type { RobotRow } from './table.js';

export const robotProjection: Projection<RobotRow, RobotEvent> = {
  keyOf: ({ event: { data } }) => robotName(data.namespace, data.label),
  evolve: (_, { event: { type, data } }) => {
    if (type === 'RobotRemoved') return undefined;
    const { namespace, label, role, tokenId: token_id, tokenHash: token_hash } = data;
    const { by: created_by, at: created_at, expiresAt: expires_at = null } = data;
    const name = robotName(namespace, label);
    return { name, namespace, label, role, token_id, token_hash, created_by, created_at, expires_at };
  },
};
