import { z } from 'zod';
import { ActorName, Instant } from '../names.js';
import { HostName } from './host-name.js';

export const HostKeyEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('HostKeysPinned'),
    /** `<type> <base64>`: all keys that the host may show from now on. */
    data: z.object({ host: HostName, keys: z.array(z.string()).min(1), pinnedBy: ActorName, at: Instant }),
  }),
  z.object({
    type: z.literal('HostKeysUnpinned'),
    data: z.object({ host: HostName, unpinnedBy: ActorName, at: Instant }),
  }),
]);
export type HostKeyEvent = z.infer<typeof HostKeyEvent>;
