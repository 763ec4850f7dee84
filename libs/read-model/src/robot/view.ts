import type { RobotView } from '@slipway/contracts';
import type { RobotRow } from './table.js';

export const robotView = ({ label, name: actor, role, created_by, created_at, expires_at }: RobotRow): RobotView => ({
  name: label,
  actor,
  role,
  created_by,
  created_at,
  expires_at,
});
