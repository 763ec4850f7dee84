import { z } from 'zod';
import { HookBody } from '../hook/body.js';
import { Namespace } from '../names.js';

const named = { namespace: Namespace, hookId: z.uuid() };

/** On `cmd.hook.add`. The asker chooses id and secret, so that the secret stands in no answer of a service. */
export const AddHookCommand = z.object({ ...named, body: HookBody, secret: z.string().min(32).max(255) });
export type AddHookCommand = z.infer<typeof AddHookCommand>;

/** On `cmd.hook.change`. */
export const ChangeHookCommand = z.object({ ...named, body: HookBody });
export type ChangeHookCommand = z.infer<typeof ChangeHookCommand>;

/** On `cmd.hook.remove`. */
export const RemoveHookCommand = z.object(named);
export type RemoveHookCommand = z.infer<typeof RemoveHookCommand>;

/** On `cmd.hook.replay`. */
export const ReplayHookDeliveryCommand = z.object({ ...named, deliveryId: z.uuid() });
export type ReplayHookDeliveryCommand = z.infer<typeof ReplayHookDeliveryCommand>;
