import type { Table } from '../database/table.js';

/** The log of one build, counted. */
export interface LogRow {
  readonly build_id: string;
  readonly attempt: number;
  /** Over all attempts. */
  readonly total_lines: number;
}

export const logTable: Table<LogRow> = {
  name: 'log',
  columns: { build_id: 'text', attempt: 'int', total_lines: 'int' },
  primaryKey: ['build_id'],
  indexes: [],
};

/** A piece of a build's log, as the agent packed it. */
export interface LogChunkRow {
  readonly build_id: string;
  /** Number of its first line in the build's log, from 1. */
  readonly first_line: number;
  readonly lines: number;
  readonly attempt: number;
  /** Earliest and latest time of a line, Unix ms. */
  readonly first_time: number;
  readonly last_time: number;
  /** `decodeLogChunk` reads it. */
  readonly chunk: Uint8Array;
}

export const logChunkTable: Table<LogChunkRow> = {
  name: 'log_chunk',
  columns: {
    build_id: 'text',
    first_line: 'int',
    lines: 'int',
    attempt: 'int',
    first_time: 'int',
    last_time: 'int',
    chunk: 'bytes',
  },
  primaryKey: ['build_id', 'first_line'],
  indexes: [],
};
