import type { NatsConnection } from '@nats-io/transport-node';
import {
  commandSubjects,
  DeliveryReply,
  type DeliveryEvent,
  type PositionedEvent,
  type ReceiveDeliveryCommand,
} from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { request, watchConnection } from '@slipway/messaging';

/** Longer than the service gives the builds of a delivery, and less than code hosts wait. */
const ANSWER_LIMIT_MS = 8_000;

export interface DeliveryDesk {
  /** All events of the delivery so far. @throws what the service throws; SERVICE_UNAVAILABLE when nobody answers */
  readonly receive: (command: ReceiveDeliveryCommand) => Promise<readonly PositionedEvent<DeliveryEvent>[]>;
}

export function deliveryDesk(nats: NatsConnection): DeliveryDesk {
  const isConnected = watchConnection(nats);
  return {
    receive: async (command) => {
      const subject = commandSubjects.receiveDelivery;
      if (!isConnected()) throw new AppError('SERVICE_UNAVAILABLE', { subject, reason: 'not connected' });
      return (await request(nats, subject, command, { reply: DeliveryReply, timeoutMs: ANSWER_LIMIT_MS })).events;
    },
  };
}
