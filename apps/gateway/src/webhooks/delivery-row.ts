import type { DeliveryEvent, PositionedEvent } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { deliveryProjection, type DeliveryRow } from '@slipway/read-model';

/** What the events of an answer make of a delivery, before any view has it. @throws DELIVERY_NOT_FOUND */
export function rowOf(events: readonly PositionedEvent<DeliveryEvent>[]): DeliveryRow {
  const row = events.reduce<DeliveryRow | undefined>(deliveryProjection.evolve, undefined);
  if (!row) throw new AppError('DELIVERY_NOT_FOUND');
  return row;
}
