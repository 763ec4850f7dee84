import type { NatsConnection } from '@nats-io/transport-node';
import {
  commandSubjects,
  DeliveryReply,
  ReconcileReply,
  type DeliveryEvent,
  type PositionedEvent,
  type ReceiveDeliveryCommand,
  type ReconcileCommand,
} from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { request, watchConnection } from '@slipway/messaging';
import type { Sender } from '../commands/sender.js';

/** Longer than the service gives the builds of a delivery, and less than code hosts wait. */
const ANSWER_LIMIT_MS = 8_000;
/** Longer than the service gives a code host and the builds of what it found. */
const LOOK_LIMIT_MS = 20_000;

export interface DeliveryDesk {
  /** All events of the delivery so far. @throws what the service throws; SERVICE_UNAVAILABLE when nobody answers */
  readonly receive: (command: ReceiveDeliveryCommand) => Promise<readonly PositionedEvent<DeliveryEvent>[]>;
  /** Compares refs now. @throws what the service throws; SERVICE_UNAVAILABLE when nobody answers */
  readonly reconcile: (command: ReconcileCommand, sender: Sender) => Promise<ReconcileReply>;
}

export function deliveryDesk(nats: NatsConnection): DeliveryDesk {
  const isConnected = watchConnection(nats);
  const assertConnected = (subject: string): void => {
    if (!isConnected()) throw new AppError('SERVICE_UNAVAILABLE', { subject, reason: 'not connected' });
  };
  return {
    receive: async (command) => {
      const subject = commandSubjects.receiveDelivery;
      assertConnected(subject);
      return (await request(nats, subject, command, { reply: DeliveryReply, timeoutMs: ANSWER_LIMIT_MS })).events;
    },
    reconcile: async (command, sender) => {
      const subject = commandSubjects.reconcileRefs;
      assertConnected(subject);
      return request(nats, subject, { ...sender, command }, { reply: ReconcileReply, timeoutMs: LOOK_LIMIT_MS });
    },
  };
}
