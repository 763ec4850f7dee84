import { streams } from '@slipway/contracts';
import { repositoryCodec } from '@slipway/event-store';
import { decodeEvents, foldTable, type View } from '../views/view.js';
import { repositoryProjection } from './projection.js';
import { repositoryTable } from './table.js';

export const repositoriesView: View = {
  name: 'repository',
  version: 5,
  prefix: streams.repository('', '').slice(0, -'.'.length),
  tables: [repositoryTable],
  project: async (unit, events) => {
    const decoded = decodeEvents(repositoryCodec, events, unit.onPoison);
    const changes = await foldTable(unit, repositoryTable, repositoryProjection, decoded);
    return [...changes.keys()];
  },
};
