import { streams } from '@slipway/contracts';
import { buildCodec } from '@slipway/event-store';
import { decodeEvents, foldTable, type View } from '../views/view.js';
import { addCounts } from './counts.js';
import { buildProjection } from './projection.js';
import { buildCountTable, buildTable } from './table.js';

export const buildsView: View = {
  name: 'build',
  version: 5,
  prefix: streams.build(''),
  tables: [buildTable, buildCountTable],
  project: async (unit, events) => {
    const decoded = decodeEvents(buildCodec, events, unit.onPoison);
    const changes = await foldTable(unit, buildTable, buildProjection, decoded);
    await addCounts(unit, changes.values());
    return [...changes.keys()];
  },
};
