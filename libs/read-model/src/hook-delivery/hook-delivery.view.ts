import { streams } from '@slipway/contracts';
import { notificationCodec } from '@slipway/event-store';
import { decodeEvents, foldTable, type View } from '../views/view.js';
import { hookDeliveryProjection } from './projection.js';
import { hookDeliveryTable } from './table.js';

export const hookDeliveriesView: View = {
  name: 'hook_delivery',
  version: 2,
  prefix: streams.notification(''),
  tables: [hookDeliveryTable],
  project: async (unit, events) => {
    const decoded = decodeEvents(notificationCodec, events, unit.onPoison);
    return [...(await foldTable(unit, hookDeliveryTable, hookDeliveryProjection, decoded)).keys()];
  },
};
