import { streams } from '@slipway/contracts';
import { namespaceCodec } from '@slipway/event-store';
import { decodeEvents, foldTable, type View } from '../views/view.js';
import { memberProjection, namespaceProjection } from './projection.js';
import { memberTable, namespaceTable } from './table.js';

export const namespacesView: View = {
  name: 'namespace',
  version: 1,
  prefix: streams.namespace(''),
  tables: [namespaceTable, memberTable],
  project: async (unit, events) => {
    const decoded = decodeEvents(namespaceCodec, events, unit.onPoison);
    const namespaces = await foldTable(unit, namespaceTable, namespaceProjection, decoded);
    await foldTable(unit, memberTable, memberProjection, decoded);
    return [...namespaces.keys()];
  },
};
