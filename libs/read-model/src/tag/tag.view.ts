import { streams } from '@slipway/contracts';
import { publicTagCodec } from '@slipway/event-store';
import { decodeEvents, foldTable, type View } from '../views/view.js';
import { located, publicTagProjection } from './projection.js';
import { publicTagTable } from './table.js';

export const tagsView: View = {
  name: 'tag',
  version: 1,
  prefix: streams.tag('', '', '').slice(0, -'.:'.length),
  tables: [publicTagTable],
  project: async (unit, events) => {
    const moves = located(decodeEvents(publicTagCodec, events, unit.onPoison));
    return [...(await foldTable(unit, publicTagTable, publicTagProjection, moves)).keys()];
  },
};
