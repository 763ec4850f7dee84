import { createHash } from 'node:crypto';
import {
  commandEnvelope,
  PinHostKeysCommand,
  streams,
  UnpinHostKeysCommand,
  type HostKeysReply,
  type HostKeysView,
} from '@slipway/contracts';
import { hostKeys, type HostKeyCommand, type HostKeys, type PinnedHost } from '@slipway/domain';
import { commandHandler, hostKeyCodec, loadState, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { contextOf, type Sender } from '../repositories/reply.js';

export const PinHostKeysMessage = commandEnvelope(PinHostKeysCommand);
export type PinHostKeysMessage = z.infer<typeof PinHostKeysMessage>;

export const UnpinHostKeysMessage = commandEnvelope(UnpinHostKeysCommand);
export type UnpinHostKeysMessage = z.infer<typeof UnpinHostKeysMessage>;

/** Every answer holds all hosts. Safe to run twice. */
export interface HostKeyDesk {
  readonly pin: (message: PinHostKeysMessage) => Promise<HostKeysReply>;
  /** @throws HOST_KEYS_NOT_FOUND */
  readonly unpin: (message: UnpinHostKeysMessage) => Promise<HostKeysReply>;
  readonly list: () => Promise<HostKeysReply>;
}

export function hostKeyDesk({ store, clock }: { readonly store: EventStore; readonly clock: Clock }): HostKeyDesk {
  const handle = commandHandler(store, hostKeys, hostKeyCodec);
  const say = async (command: HostKeyCommand, sender: Sender): Promise<HostKeysReply> =>
    viewOf((await handle(streams.hostKeys(), command, contextOf(sender, command.data.at))).state);
  return {
    pin: ({ command: { host, body }, ...sender }) =>
      say({ type: 'PinHostKeys', data: { host, keys: body.keys, by: sender.actor, at: clock.now() } }, sender),
    unpin: ({ command: { host }, ...sender }) =>
      say({ type: 'UnpinHostKeys', data: { host, by: sender.actor, at: clock.now() } }, sender),
    list: async () =>
      viewOf((await loadState({ store, decider: hostKeys, codec: hostKeyCodec }, streams.hostKeys())).state),
  };
}

const viewOf = (state: HostKeys): HostKeysReply => ({
  hosts: [...state].map(([host, pinned]) => hostView(host, pinned)).sort((a, b) => (a.host < b.host ? -1 : 1)),
});

const hostView = (host: string, { keys, pinned }: PinnedHost): HostKeysView => ({
  host,
  keys: keys.map((key) => ({ type: key.split(' ')[0] ?? '', public_key: key, fingerprint: fingerprintOf(key) })),
  pinned_by: pinned?.by ?? null,
  pinned_at: pinned?.at ?? null,
});

/** As OpenSSH writes it: without padding. */
function fingerprintOf(key: string): string {
  const bytes = Buffer.from(key.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`;
}
