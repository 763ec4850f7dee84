import { streams } from '@slipway/contracts';
import { robotCodec } from '@slipway/event-store';
import { decodeEvents, foldTable, type View } from '../views/view.js';
import { robotProjection } from './projection.js';
import { robotTable } from './table.js';

export const robotsView: View = {
  name: 'robot',
  version: 1,
  prefix: streams.robots(''),
  tables: [robotTable],
  project: async (unit, events) => {
    const decoded = decodeEvents(robotCodec, events, unit.onPoison);
    return [...(await foldTable(unit, robotTable, robotProjection, decoded)).keys()];
  },
};
