import { readFileSync } from 'node:fs';

/** Of one process; empty when it is gone or another user's. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/**
 * In which variable a build carries its marker: BuildKit hands proxy variables to every RUN, and to nothing else. They are
 * not part of what the cache is found by, nor of the image.
 */
export const MARKER_VARIABLE = 'NO_PROXY';

/** What may hold the marker of the build whose step these processes are; undefined while the engine prepares them. */
export function markersOf(pids: readonly number[]): string | undefined {
  for (const pid of pids) {
    const variables = read(pid, 'environ').split('\0');
    const markers = variables.filter((variable) => variable.startsWith(`${MARKER_VARIABLE}=`)); // an ENV may be beside it
    if (markers.length > 0) return markers.join();
  }
  return undefined;
}

/** Bytes that these processes, and those that ended under them, made the disk write. */
export function writtenBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + writtenBy(read(pid, 'io')), 0);
}

const writtenBy = (io: string): number => Math.max(0, field(io, 'write_bytes') - field(io, 'cancelled_write_bytes'));

const field = (io: string, name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(io)?.[1] ?? 0);
