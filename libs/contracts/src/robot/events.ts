import { z } from 'zod';
import { ActorName, Instant, Namespace, RobotLabel } from '../names.js';
import { Role } from '../namespace/role.js';
import { TokenHash } from '../user/events.js';

export const RobotEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('RobotCreated'),
    data: z.object({
      namespace: Namespace,
      label: RobotLabel,
      role: Role,
      tokenId: z.uuid(),
      tokenHash: TokenHash,
      /** Absent: never. */
      expiresAt: Instant.optional(),
      by: ActorName,
      at: Instant,
    }),
  }),
  z.object({
    type: z.literal('RobotRemoved'),
    data: z.object({ namespace: Namespace, label: RobotLabel, by: ActorName, at: Instant }),
  }),
]);
export type RobotEvent = z.infer<typeof RobotEvent>;
