import { z } from 'zod';
import { ActorName, Instant, Namespace } from '../names.js';
import { SealedKey } from '../repository/events.js';
import { StatusHost } from './body.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({
    type: z.literal(type),
    data: z.object({ namespace: Namespace, client: StatusHost, ...data, at: Instant }),
  });

/** The tokens of one namespace, one a code host, share an event stream. */
export const CodeHostTokenEvent = z.discriminatedUnion('type', [
  /** The only one from now on. */
  event('CodeHostTokenSet', { apiUser: z.string().nullable(), token: SealedKey, by: ActorName }),
  event('CodeHostTokenRemoved', { by: ActorName }),
  /** The same token, under another key of the environment. */
  event('CodeHostTokenResealed', { token: SealedKey }),
]);
export type CodeHostTokenEvent = z.infer<typeof CodeHostTokenEvent>;
