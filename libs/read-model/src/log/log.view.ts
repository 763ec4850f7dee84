import { streams, type BuildLogEvent } from '@slipway/contracts';
import { buildLogCodec } from '@slipway/event-store';
import { upsertRows } from '../database/rows.js';
import { decodeEvents, foldTable, type OnPoison, type Recorded, type View } from '../views/view.js';
import { logChunkRow, logProjection } from './projection.js';
import { logChunkTable, logTable, type LogChunkRow } from './table.js';

export const logsView: View = {
  name: 'log',
  version: 1,
  prefix: streams.buildLog(''),
  tables: [logTable, logChunkTable],
  project: async (unit, events) => {
    const decoded = decodeEvents(buildLogCodec, events, unit.onPoison);
    await upsertRows(unit.session, unit.target(logChunkTable), chunksOf(decoded, unit.onPoison));
    const changes = await foldTable(unit, logTable, logProjection, decoded);
    return [...changes.keys()];
  },
};

/** A chunk that cannot be read is left out; its lines keep their numbers. */
function chunksOf(events: readonly Recorded<BuildLogEvent>[], onPoison: OnPoison): readonly LogChunkRow[] {
  return events.flatMap(({ event, stored }) => {
    if (event.type !== 'LogAppended') return [];
    try {
      return [logChunkRow(event.data)];
    } catch (error) {
      onPoison(stored, error);
      return [];
    }
  });
}
