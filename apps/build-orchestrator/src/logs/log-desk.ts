import {
  encodeLogChunk,
  streams,
  summarizeLogChunk,
  type LogChunkHeader,
  type LogChunkSummary,
} from '@slipway/contracts';
import { buildLog, type BuildLog, type BuildLogCommand } from '@slipway/domain';
import { buildLogCodec, commandHandler, loadState, uuidV5, type EventStore } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';

const REMEMBERED_LOGS = 10_000;
const ITSELF = 'service:build-orchestrator';

/** What of a build's log is recorded, over all attempts. */
export interface RecordedLog {
  readonly logLines: number;
  readonly logBytes: number;
}
export const NO_LOG: RecordedLog = { logLines: 0, logBytes: 0 };

/** Where log lines are decided. Every method may be called concurrently, by several orchestrators, and repeated. */
export interface LogDesk {
  readonly state: (buildId: string) => Promise<BuildLog>;
  readonly recorded: (buildId: string) => Promise<RecordedLog>;
  /** Resolves once this desk has appended to the log, or after `limitMs`: another orchestrator may have. */
  readonly grows: (buildId: string, limitMs: number) => Promise<void>;
  /** Records one chunk, once. @throws LEASE_STALE when the attempt was fenced off; MESSAGE_INVALID when it cannot be read */
  readonly append: (header: LogChunkHeader, chunk: Uint8Array) => Promise<void>;
  /** From here on only lines of this attempt are accepted. */
  readonly fence: (buildId: string, attempt: number) => Promise<void>;
  /** Says in the log itself how many lines of the attempt up to `lines` never arrived. */
  readonly closeGap: (buildId: string, attempt: number, lines: number) => Promise<void>;
}

export function logDesk(store: EventStore, clock: Clock): LogDesk {
  const handler = commandHandler(store, buildLog, buildLogCodec, { fold: 'last', remember: REMEMBERED_LOGS });
  const handle = (command: BuildLogCommand, cause: string, actor: string) => {
    const { buildId } = command.data;
    const context = { commandId: uuidV5(cause), at: clock.now(), actor, correlationId: buildId };
    return handler(streams.buildLog(buildId), command, context);
  };
  const state = async (buildId: string): Promise<BuildLog> =>
    (await loadState({ store, decider: buildLog, codec: buildLogCodec }, streams.buildLog(buildId), { fold: 'last' }))
      .state;

  const growing = new Growing();
  const closeGap = async (buildId: string, attempt: number, upTo: number): Promise<void> => {
    const log = await state(buildId);
    const missing = upTo - log.attemptLines;
    if (log.attempt !== attempt || missing <= 0) return;
    const message = `${missing} log lines were lost on their way`;
    const time = Date.parse(clock.now());
    const chunk = encodeLogChunk([{ time, level: 'WARNING', message }]);
    const lost = { lines: 1, firstTime: time, lastTime: time, chunk };
    await handle(
      { type: 'CloseGap', data: { buildId, attempt, upTo, ...lost } },
      `log-gap/${buildId}/${attempt}/${upTo}`,
      ITSELF,
    );
  };

  return {
    state,
    recorded: async (buildId) => {
      const { totalLines: logLines, totalBytes: logBytes } = await state(buildId);
      return { logLines, logBytes };
    },
    closeGap,
    grows: (buildId, limitMs) => growing.wait(buildId, limitMs),
    append: async ({ buildId, attempt, firstLine, lines, agentId }, chunk) => {
      const summary = checked(chunk, lines);
      const command: BuildLogCommand = {
        type: 'AppendLines',
        data: { buildId, attempt, firstLine, chunk, ...summary },
      };
      const words = [`log/${buildId}/${attempt}/${firstLine}`, `agent:${agentId}`] as const;
      try {
        await handle(command, ...words);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'LOG_GAP') throw error;
        await closeGap(buildId, attempt, firstLine - 1); // a lane keeps its order: what is missing will not come
        await handle(command, ...words);
      }
      growing.tell(buildId);
    },
    fence: async (buildId, attempt) => {
      await handle({ type: 'FenceAttempt', data: { buildId, attempt } }, `log-fence/${buildId}/${attempt}`, ITSELF);
    },
  };
}

/** Who waits for more of which log. */
class Growing {
  readonly #waiting = new Map<string, readonly (() => void)[]>();

  wait(buildId: string, limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        const others = this.#waiting.get(buildId)?.filter((other) => other !== done) ?? [];
        if (others.length > 0) this.#waiting.set(buildId, others);
        else this.#waiting.delete(buildId);
        resolve();
      };
      const timer = setTimeout(done, limitMs);
      this.#waiting.set(buildId, [...(this.#waiting.get(buildId) ?? []), done]);
    });
  }

  tell(buildId: string): void {
    for (const done of this.#waiting.get(buildId) ?? []) done();
  }
}

/** Whoever reads the log later trusts what is recorded, so it is looked into here. */
function checked(chunk: Uint8Array, lines: number): LogChunkSummary {
  try {
    const summary = summarizeLogChunk(chunk);
    if (summary.lines === lines) return summary;
  } catch (cause) {
    throw new AppError('MESSAGE_INVALID', { reason: 'not a log chunk' }, { cause });
  }
  throw new AppError('MESSAGE_INVALID', { reason: 'a log chunk with another number of lines than it says' });
}
