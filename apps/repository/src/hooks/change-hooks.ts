import type { KeyObject } from 'node:crypto';
import {
  AddHookCommand,
  ChangeHookCommand,
  commandEnvelope,
  RemoveHookCommand,
  streams,
  type CommandReply,
  type HookBody,
  type HookEvent,
} from '@slipway/contracts';
import { hooks, type HookCommand } from '@slipway/domain';
import { commandHandler, hookCodec, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { seal } from '../deploy-keys/seal.js';
import { contextOf, emptied, replyWithShown, type Sender } from '../repositories/reply.js';

export const AddHookMessage = commandEnvelope(AddHookCommand);
export type AddHookMessage = z.infer<typeof AddHookMessage>;

export const ChangeHookMessage = commandEnvelope(ChangeHookCommand);
export type ChangeHookMessage = z.infer<typeof ChangeHookMessage>;

export const RemoveHookMessage = commandEnvelope(RemoveHookCommand);
export type RemoveHookMessage = z.infer<typeof RemoveHookMessage>;

export interface HookParts {
  readonly store: EventStore;
  readonly clock: Clock;
  /** Seals the secrets; the notifier opens them with the same. */
  readonly secretKey: KeyObject;
}

/** Answers `cmd.hook.add`. Safe to run twice. @throws HOOK_LIMIT_REACHED, STORE_UNAVAILABLE */
export function addHookHandler({ secretKey, ...parts }: HookParts): (message: AddHookMessage) => Promise<CommandReply> {
  const decide = hookDecision(parts);
  return ({ command: { namespace, hookId, body, secret }, ...sender }) => {
    const sealed = seal(Buffer.from(secret), bindingOf(hookId), secretKey);
    return decide(sender, (by) => ({
      type: 'AddHook',
      data: { namespace, hookId, ...targetOf(body), secret: sealed, ...by },
    }));
  };
}

/** Answers `cmd.hook.change`. Safe to run twice. @throws HOOK_NOT_FOUND, STORE_UNAVAILABLE */
export function changeHookHandler(
  parts: Omit<HookParts, 'secretKey'>,
): (message: ChangeHookMessage) => Promise<CommandReply> {
  const decide = hookDecision(parts);
  return ({ command: { namespace, hookId, body }, ...sender }) =>
    decide(sender, (by) => ({ type: 'ChangeHook', data: { namespace, hookId, ...targetOf(body), ...by } }));
}

/** Answers `cmd.hook.remove`. Safe to run twice. @throws HOOK_NOT_FOUND, STORE_UNAVAILABLE */
export function removeHookHandler(
  parts: Omit<HookParts, 'secretKey'>,
): (message: RemoveHookMessage) => Promise<CommandReply> {
  const decide = hookDecision(parts);
  return ({ command: named, ...sender }) => decide(sender, (by) => ({ type: 'RemoveHook', data: { ...named, ...by } }));
}

type Decision = (
  sender: Sender,
  commandOf: (by: { readonly by: string; readonly at: string }) => HookCommand,
) => Promise<CommandReply>;

function hookDecision({ store, clock }: Omit<HookParts, 'secretKey'>): Decision {
  const handle = commandHandler(store, hooks, hookCodec);
  return async (sender, commandOf) => {
    const at = clock.now();
    const command = commandOf({ by: sender.actor, at });
    const stream = streams.hooks(command.data.namespace);
    await handle(stream, command, contextOf(sender, at));
    return replyWithShown(store, stream, (stored) => {
      const event = hookCodec.decode(stored);
      return event && withoutSecret(event);
    });
  };
}

/** Sealed or not, it has no business where answers go. */
function withoutSecret(event: HookEvent): HookEvent {
  switch (event.type) {
    case 'HookAdded':
      return { ...event, data: { ...event.data, secret: emptied(event.data.secret) } };
    case 'HookSecretResealed':
      return { ...event, data: { ...event.data, secret: emptied(event.data.secret) } };
    case 'HookChanged':
    case 'HookRemoved':
      return event;
  }
}

/** What the secret is sealed beside, so that it opens in no other place. */
export const bindingOf = (hookId: string): string => `hook/${hookId}`;

const targetOf = ({ url, events, is_active: isActive }: HookBody) => ({ url, topics: events, isActive });
