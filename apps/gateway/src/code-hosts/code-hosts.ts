import type { NatsConnection } from '@nats-io/transport-node';
import {
  commandSubjects,
  HostKeysReply,
  querySubjects,
  type HostKeysView,
  type PinHostKeysCommand,
  type UnpinHostKeysCommand,
} from '@slipway/contracts';
import { request } from '@slipway/messaging';
import type { Sender } from '../commands/sender.js';

/** The repository service's word on host keys. There is no view of them: they are few, and asked for seldom. */
export interface HostKeyDesk {
  /** By name. @throws SERVICE_UNAVAILABLE */
  readonly list: () => Promise<readonly HostKeysView[]>;
  /** Answers all hosts. @throws SERVICE_UNAVAILABLE */
  readonly pin: (command: PinHostKeysCommand, sender: Sender) => Promise<readonly HostKeysView[]>;
  /** @throws HOST_KEYS_NOT_FOUND; SERVICE_UNAVAILABLE */
  readonly unpin: (command: UnpinHostKeysCommand, sender: Sender) => Promise<void>;
}

export function hostKeyDesk(nats: NatsConnection): HostKeyDesk {
  const ask = async (subject: string, payload: unknown): Promise<readonly HostKeysView[]> =>
    (await request(nats, subject, payload, { reply: HostKeysReply })).hosts;
  return {
    list: () => ask(querySubjects.hostKeys, {}),
    pin: (command, sender) => ask(commandSubjects.pinHostKeys, { ...sender, command }),
    unpin: async (command, sender) => void (await ask(commandSubjects.unpinHostKeys, { ...sender, command })),
  };
}
