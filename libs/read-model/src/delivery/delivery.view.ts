import { streams } from '@slipway/contracts';
import { deliveryCodec } from '@slipway/event-store';
import { decodeEvents, foldTable, type View } from '../views/view.js';
import { deliveryProjection } from './projection.js';
import { pruneDeliveries } from './prune.js';
import { deliveryTable } from './table.js';

export const deliveriesView: View = {
  name: 'delivery',
  version: 1,
  prefix: streams.delivery('', '').slice(0, -'.'.length),
  tables: [deliveryTable],
  project: async (unit, events) => {
    const decoded = decodeEvents(deliveryCodec, events, unit.onPoison);
    const changes = await foldTable(unit, deliveryTable, deliveryProjection, decoded);
    await pruneDeliveries(unit, [...changes.values()]);
    return [...changes.keys()];
  },
};
