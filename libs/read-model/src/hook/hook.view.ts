import { streams } from '@slipway/contracts';
import { hookCodec } from '@slipway/event-store';
import { decodeEvents, foldTable, type View } from '../views/view.js';
import { hookProjection } from './projection.js';
import { hookTable } from './table.js';

export const hooksView: View = {
  name: 'hook',
  version: 1,
  prefix: streams.hooks(''),
  tables: [hookTable],
  project: async (unit, events) => {
    const decoded = decodeEvents(hookCodec, events, unit.onPoison);
    return [...(await foldTable(unit, hookTable, hookProjection, decoded)).keys()];
  },
};
