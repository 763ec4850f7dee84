import { z } from 'zod';
import { ActorName, Instant, Namespace } from '../names.js';
import { SealedKey } from '../repository/events.js';
import { Topic } from './body.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({
    type: z.literal(type),
    data: z.object({ namespace: Namespace, hookId: z.uuid(), ...data, by: ActorName, at: Instant }),
  });

const target = { url: z.string(), topics: z.array(Topic), isActive: z.boolean() };

/** The hooks of one namespace share an event stream. */
export const HookEvent = z.discriminatedUnion('type', [
  event('HookAdded', { ...target, secret: SealedKey }),
  /** Everything but the secret, as it is from now on. */
  event('HookChanged', target),
  event('HookRemoved', {}),
  /** The same secret, under another key of the environment. */
  z.object({
    type: z.literal('HookSecretResealed'),
    data: z.object({ namespace: Namespace, hookId: z.uuid(), secret: SealedKey, at: Instant }),
  }),
]);
export type HookEvent = z.infer<typeof HookEvent>;
