import type { BuildLogEvent } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';

/** How far a build's log has got. */
export interface BuildLog {
  /** Only lines of this attempt are accepted. */
  readonly attempt: number;
  /** Lines recorded of that attempt. */
  readonly attemptLines: number;
  /** Lines recorded over all attempts. */
  readonly totalLines: number;
  /** Bytes of the chunks recorded over all attempts. */
  readonly totalBytes: number;
}

/** Packed lines, and what they say of themselves. */
export interface Chunk {
  readonly lines: number;
  /** Unix ms. */
  readonly firstTime: number;
  readonly lastTime: number;
  readonly chunk: Uint8Array;
}

export type BuildLogCommand =
  | {
      readonly type: 'AppendLines';
      readonly data: {
        readonly buildId: string;
        readonly attempt: number;
        /** Within the attempt, from 1. */
        readonly firstLine: number;
      } & Chunk;
    }
  | {
      /** The lines up to `upTo` of the attempt will not come; `chunk` is one line that says so. */
      readonly type: 'CloseGap';
      readonly data: {
        readonly buildId: string;
        readonly attempt: number;
        readonly upTo: number;
      } & Chunk;
    }
  | { readonly type: 'FenceAttempt'; readonly data: { readonly buildId: string; readonly attempt: number } };

export const buildLog: Decider<BuildLog, BuildLogCommand, BuildLogEvent> = {
  initial: { attempt: 1, attemptLines: 0, totalLines: 0, totalBytes: 0 },

  decide: (command, log) => {
    switch (command.type) {
      case 'AppendLines':
        return append(command.data, log);
      case 'CloseGap': {
        const { upTo, ...lost } = command.data;
        if (lost.attempt !== log.attempt || upTo <= log.attemptLines) return [];
        return [{ type: 'LogAppended', data: { ...lost, attemptLines: upTo, ...addedTo(log, lost) } }];
      }
      case 'FenceAttempt': {
        const { buildId, attempt } = command.data;
        if (attempt <= log.attempt) return [];
        return [
          { type: 'LogFenced', data: { buildId, attempt, totalLines: log.totalLines, totalBytes: log.totalBytes } },
        ];
      }
    }
  },

  evolve: (_, { type, data }) => {
    switch (type) {
      case 'LogAppended': {
        const { attempt, attemptLines, firstLine, lines } = data;
        return { attempt, attemptLines, totalLines: firstLine + lines - 1, totalBytes: data.totalBytes ?? 0 };
      }
      case 'LogFenced':
        return {
          attempt: data.attempt,
          attemptLines: 0,
          totalLines: data.totalLines,
          totalBytes: data.totalBytes ?? 0,
        };
    }
  },
};

type Append = Extract<BuildLogCommand, { type: 'AppendLines' }>['data'];

/** Gapless and once: what was recorded is passed over, what comes too early has to come again. */
function append({ buildId, attempt, firstLine, ...chunk }: Append, log: BuildLog): readonly BuildLogEvent[] {
  if (attempt < log.attempt) throw new AppError('LEASE_STALE', { buildId, attempt });
  if (attempt > log.attempt) throw new AppError('LOG_GAP', { buildId, attempt, fencedAt: log.attempt });
  const next = log.attemptLines + 1;
  if (firstLine < next) return [];
  if (firstLine > next) throw new AppError('LOG_GAP', { buildId, attempt, expected: next, got: firstLine });
  const attemptLines = log.attemptLines + chunk.lines;
  return [{ type: 'LogAppended', data: { buildId, attempt, attemptLines, ...chunk, ...addedTo(log, chunk) } }];
}

const addedTo = (log: BuildLog, { chunk }: Chunk) => ({
  firstLine: log.totalLines + 1,
  totalBytes: log.totalBytes + chunk.byteLength,
});
