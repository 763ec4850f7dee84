import { decodeLogChunk, type LogLine } from '@slipway/contracts';
import type { LogQueries } from '@slipway/read-model';

/** A line and its place in the build's log, from 1. */
export interface NumberedLine extends LogLine {
  readonly number: number;
}

export interface LogRange {
  /** The first line wanted. */
  readonly fromLine: number;
  /** The last line wanted: what is appended meanwhile is not. */
  readonly toLine: number;
  /** Unix seconds, both ends included; absent: unbounded. */
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
}

/** Chunks in memory at once; each is at most 64 KiB as an agent packs it. */
const CHUNKS_A_READ = 4;

/** In order, a chunk at a time. The reader's pace is the backpressure. @throws READ_MODEL_UNAVAILABLE */
export async function* readLines(
  logs: LogQueries,
  buildId: string,
  { fromLine, toLine, startTime, endTime }: LogRange,
): AsyncGenerator<readonly NumberedLine[]> {
  const fromTime = startTime === undefined ? undefined : startTime * 1_000;
  const toTime = endTime === undefined ? undefined : endTime * 1_000 + 999; // the whole of that second
  let next = fromLine;
  while (next <= toLine) {
    const chunks = await logs.read(buildId, { fromLine: next, maxChunks: CHUNKS_A_READ, fromTime, toTime });
    if (chunks.length === 0) return;
    for (const { first_line, lines, chunk } of chunks) {
      const wanted = wantedOf(decodeLogChunk(chunk), first_line, { from: next, to: toLine, fromTime, toTime });
      if (wanted.length > 0) yield wanted;
      next = first_line + lines;
    }
  }
}

interface Wanted {
  readonly from: number;
  readonly to: number;
  readonly fromTime: number | undefined;
  readonly toTime: number | undefined;
}

/** In one pass: a long log is millions of lines. */
function wantedOf(
  lines: readonly LogLine[],
  firstLine: number,
  { from, to, fromTime = -Infinity, toTime = Infinity }: Wanted,
): readonly NumberedLine[] {
  const wanted: NumberedLine[] = [];
  for (const [index, { time, level, message }] of lines.entries()) {
    const number = firstLine + index;
    if (number >= from && number <= to && time >= fromTime && time <= toTime)
      wanted.push({ number, time, level, message });
  }
  return wanted;
}

/** Times in logs are whole seconds. */
export const secondsOf = (timeMs: number): number => Math.floor(timeMs / 1_000);
