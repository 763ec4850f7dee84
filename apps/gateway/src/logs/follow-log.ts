import type { FollowedStatus } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import type { Logger } from '@slipway/platform';
import type { BuildRow, ReadModel } from '@slipway/read-model';
import { Doorbell } from './doorbell.js';
import { printEvent, type EventStream } from './event-stream.js';
import { readLines, secondsOf, type NumberedLine } from './log-lines.js';

/** Hints may be lost, so the read model is also asked this often, ms. */
const POLL_MS = 1_000;
/** Proxies close connections that say nothing for a minute or less, ms. */
const HEARTBEAT_MS = 15_000;

export interface LogFollower {
  /** Resolves when the build is over and told, when the client is gone, or when the gateway stops. */
  readonly follow: (
    buildId: string,
    options: { readonly afterLine: number; readonly events: EventStream },
  ) => Promise<void>;
}

export interface FollowerParts {
  readonly readModel: Pick<ReadModel, 'builds' | 'logs'>;
  /** Calls when a view may have something new about the build. Answers how to stop listening. */
  readonly listen: (buildId: string, onHint: () => void) => () => void;
  readonly logger: Logger;
  /** Aborted when the gateway stops: clients then come back to another one, or later. */
  readonly stopping: AbortSignal;
}

/** History and what is live come from one source, the read model, so there is no seam between them to lose lines at. */
export const logFollower = (parts: FollowerParts): LogFollower => ({
  follow: async (buildId, { afterLine, events }) => {
    const signal = AbortSignal.any([events.signal, parts.stopping]);
    const bell = new Doorbell();
    const stopListening = parts.listen(buildId, () => bell.ring()); // before the first look
    try {
      await new FollowedLog(buildId, afterLine + 1, events, parts).run(bell, signal);
    } finally {
      stopListening();
      events.end();
    }
  },
});

/** Where one client stands. */
class FollowedLog {
  #lastStatus: string | undefined;
  #spokeAt = performance.now();

  constructor(
    private readonly buildId: string,
    private next: number,
    private readonly events: EventStream,
    private readonly parts: FollowerParts,
  ) {}

  async run(bell: Doorbell, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.#lookUnlessAway(signal)) return;
      await bell.wait(POLL_MS, signal);
      if (performance.now() - this.#spokeAt >= HEARTBEAT_MS) await this.#say(': still here\n\n');
    }
  }

  /** A read model that is away for a while ends nothing: the client waits with us. */
  async #lookUnlessAway(signal: AbortSignal): Promise<boolean> {
    try {
      return await this.#look(signal);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'unavailable') throw error;
      this.parts.logger.debug({ error, buildId: this.buildId }, 'the read model is away from a followed log');
      return false;
    }
  }

  /**
   * Tells what is new. True when the build is over and all is told. The build's row is read before its log: a row that
   * says it is over then stands for a complete log, which the view of logs may still be behind of.
   */
  async #look(signal: AbortSignal): Promise<boolean> {
    const row = await this.parts.readModel.builds.get(this.buildId);
    if (!row) return true; // its view is being rebuilt from nothing: the client comes back
    const isEnded = row.ended_at !== null;
    if (!isEnded) await this.#tellStatus(row);
    const known = await this.parts.readModel.logs.totalLines(this.buildId);
    await this.#tellLines(known, signal);
    if (!isEnded || signal.aborted || known < (row.log_lines ?? known)) return false;
    await this.#tellStatus(row);
    const { status, state } = row;
    await this.#say(printEvent({ event: 'end', data: { status, state, total_lines: row.log_lines ?? known } }));
    return true;
  }

  async #tellLines(toLine: number, signal: AbortSignal): Promise<void> {
    const { logs } = this.parts.readModel;
    for await (const lines of readLines(logs, this.buildId, { fromLine: this.next, toLine })) {
      await this.#say(lines.map(printLine).join(''));
      this.next = (lines.at(-1)?.number ?? this.next) + 1;
      if (signal.aborted) return;
    }
  }

  async #tellStatus(row: BuildRow): Promise<void> {
    const status = printEvent({ event: 'status', data: statusOf(row) });
    if (status === this.#lastStatus) return;
    this.#lastStatus = status;
    await this.#say(status);
  }

  async #say(text: string): Promise<void> {
    await this.events.write(text);
    this.#spokeAt = performance.now();
  }
}

const printLine = ({ number, message, level, time }: NumberedLine): string =>
  printEvent({ id: number, data: { line: number, message, level, time: secondsOf(time) } });

const statusOf = (row: BuildRow): FollowedStatus => ({
  status: row.status,
  state: row.state,
  step_at: row.step_at,
  attempt: row.attempt,
  agent: row.agent,
  code_head_commit: row.code_head_commit,
  started_at: row.started_at,
  ended_at: row.ended_at,
  step: row.steps.at(-1) ?? null,
});
