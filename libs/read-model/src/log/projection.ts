import type { BuildLogEvent } from '@slipway/contracts';
import type { Projection } from '../views/view.js';
import type { LogChunkRow, LogRow } from './table.js';

export const logProjection: Projection<LogRow, BuildLogEvent> = {
  keyOf: ({ event }) => event.data.buildId,

  evolve: (_, { event: { type, data } }) => {
    const { buildId: build_id, attempt } = data;
    switch (type) {
      case 'LogAppended':
        return { build_id, attempt, total_lines: data.firstLine + data.lines - 1 };
      case 'LogFenced':
        return { build_id, attempt, total_lines: data.totalLines };
    }
  },
};

export function logChunkRow(data: Extract<BuildLogEvent, { type: 'LogAppended' }>['data']): LogChunkRow {
  const { buildId, firstLine, lines, attempt, firstTime, lastTime, chunk } = data;
  return {
    build_id: buildId,
    first_line: firstLine,
    lines,
    attempt,
    first_time: firstTime,
    last_time: lastTime,
    chunk,
  };
}
