import { z } from 'zod';
import { RobotLabel } from '../names.js';
import { Role } from '../namespace/role.js';
import { ExpiresIn } from '../user/body.js';

/** Body of `POST /v1/namespaces/{namespace}/robots`. */
export const CreateRobotBody = z.object({
  name: RobotLabel,
  role: Role.describe('What it may do in the namespace; elsewhere it may nothing.'),
  expires_in: ExpiresIn,
});
export type CreateRobotBody = z.infer<typeof CreateRobotBody>;
