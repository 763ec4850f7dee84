import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib';
import { LogLevel, type LogLine } from './line.js';

const LEVELS = LogLevel.options;
/** A chunk that unpacks to more than this is refused: nothing an outsider writes is trusted. */
const MAX_CHUNK_BYTES = 16 * 1024 * 1024;

/** Agents cut lines at 64 KiB; secrets that are masked may make them longer. UTF-8 */
export const MAX_LINE_BYTES = 1024 * 1024;

/** Lines as bytes: one JSON array `[time, level, message]` a line, zstd-compressed. The same bytes travel and are stored. */
export function encodeLogChunk(lines: readonly LogLine[]): Uint8Array {
  const text = lines
    .map(({ time, level, message }) => JSON.stringify([time, LEVELS.indexOf(level), message]))
    .join('\n');
  return zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** What a chunk says of itself; times in Unix ms. */
export interface LogChunkSummary {
  readonly lines: number;
  readonly firstTime: number;
  readonly lastTime: number;
}

/**
 * Unpacks a chunk to look at it.
 * @throws when the bytes are not what `encodeLogChunk` makes, hold no line, or one that is too long
 */
export function summarizeLogChunk(bytes: Uint8Array): LogChunkSummary {
  const lines = decodeLogChunk(bytes);
  if (lines.some(({ message }) => typeof message !== 'string')) throw new TypeError('a line without a text');
  if (lines.some(({ message }) => Buffer.byteLength(message) > MAX_LINE_BYTES))
    throw new RangeError(`a line of more than ${MAX_LINE_BYTES} bytes`);
  const times = lines.map(({ time }) => time);
  const [firstTime, lastTime] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
  if (!Number.isSafeInteger(firstTime) || !Number.isSafeInteger(lastTime)) throw new TypeError('a line without a time');
  return { lines: times.length, firstTime, lastTime };
}

/** @throws when the bytes are not what `encodeLogChunk` makes */
export function decodeLogChunk(bytes: Uint8Array): readonly LogLine[] {
  const text = zstdDecompressSync(bytes, { maxOutputLength: MAX_CHUNK_BYTES }).toString('utf8');
  if (text === '') return [];
  return text.split('\n').map((line) => {
    const [time, level, message] = JSON.parse(line) as [number, number, string];
    return { time, level: LEVELS[level] ?? 'INFO', message };
  });
}
