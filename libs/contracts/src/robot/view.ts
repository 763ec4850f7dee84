import { z } from 'zod';
import { ActorName, Instant, RobotLabel } from '../names.js';
import { Role } from '../namespace/role.js';
import { ShownToken } from '../user/view.js';

export const RobotView = z.object({
  name: RobotLabel,
  actor: ActorName.describe('What it is called where it did something: `created_by`, events.'),
  role: Role,
  created_by: ActorName,
  created_at: Instant,
  expires_at: Instant.nullable(),
});
export type RobotView = z.infer<typeof RobotView>;

/** The one answer that holds the token. */
export const CreatedRobotView = z.object({ ...RobotView.shape, token: ShownToken });
export type CreatedRobotView = z.infer<typeof CreatedRobotView>;
