import type { LogChunkHeader } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import type { BuildDesk } from '../builds/build-desk.js';
import type { LogDesk } from './log-desk.js';

/**
 * Records a log chunk. The log is fenced for an attempt before it is leased, so a chunk of a later attempt than the log
 * knows is of nobody, unless two claims at once got past each other: then its lease decides.
 * @throws LEASE_STALE, MESSAGE_INVALID
 */
export async function recordChunk(
  { builds, logs }: { readonly builds: Pick<BuildDesk, 'load'>; readonly logs: Pick<LogDesk, 'append' | 'fence'> },
  header: LogChunkHeader,
  chunk: Uint8Array,
): Promise<void> {
  try {
    await logs.append(header, chunk);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'LOG_GAP') throw error;
    const { buildId, attempt, leaseId } = header;
    const build = await builds.load(buildId);
    const isCurrent = build.phase === 'running' && build.leaseId === leaseId && build.attempt === attempt;
    if (!isCurrent) throw new AppError('LEASE_STALE', { buildId, attempt });
    await logs.fence(buildId, attempt);
    await logs.append(header, chunk);
  }
}
