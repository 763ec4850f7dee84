import type { Failure, LastWord, Report, ReportOf } from '@slipway/contracts';
import type { BuildCommand } from '@slipway/domain';
import { AppError, Doubling, type Clock } from '@slipway/kernel';
import { NO_LOG, type LogDesk, type RecordedLog } from '../logs/log-desk.js';
import type { BuildDesk } from './build-desk.js';
import type { Elsewhere } from './elsewhere.js';
import { renewLease } from './claim.js';

/** How long the end of a build waits for lines that are still on their way, before its lane goes on to try later, ms. */
const COMPLETE_LIMIT_MS = 5_000;
/** Between two looks at a log that another orchestrator may append to, ms; each time twice as long. */
const LOOK_MS = { first: 15, most: 500 } as const;
const MAX_WHY_CHARS = 500;

export interface ReportDesk {
  readonly builds: BuildDesk;
  readonly logs: LogDesk;
  /** No log chunk of this build is on its way any more. */
  readonly logHasArrived: (buildId: string) => Promise<boolean>;
  /** Finds another agent for an attempt that was given back. */
  readonly elsewhere: Pick<Elsewhere, 'givenBack'>;
  readonly clock: Clock;
}

/**
 * Makes an event of a report if its lease is the current one. Safe to repeat.
 * The end of a build waits for its log: the terminal event is recorded after the last line.
 * @throws LEASE_STALE; LOG_INCOMPLETE when lines are still on their way: bring the report again
 */
export async function recordReport(desk: ReportDesk, report: Report): Promise<void> {
  const { builds, logs, elsewhere, clock } = desk;
  if (report.type === 'ended') await completeLog(desk, report);
  const log = report.type === 'ended' ? await logs.recorded(report.buildId) : NO_LOG;
  const command = commandOf(report, clock.now(), log);
  const by = { cause: `report/${report.reportId}`, actor: `agent:${report.agentId}` };
  const { state } = await builds.handle(command, by);
  if (report.type === 'ended' && state.phase === 'queued') await elsewhere.givenBack(report.buildId, state);
}

/**
 * An attempt whose last report cannot be recorded is lost: its agent would send the report for ever, and nobody else
 * could have the build. Safe to repeat. @throws what `recordReport` does
 */
export function loseAttempt(desk: ReportDesk, report: LastWord, why: string): Promise<void> {
  const message = `the last report of the agent could not be recorded: ${why}`.slice(0, MAX_WHY_CHARS);
  const failure: Failure = { code: 'INTERNAL', message, step: null, exitCode: null, lastLines: [] };
  return recordReport(desk, { ...report, outcome: { status: 'failed', failure } });
}

async function completeLog(
  desk: ReportDesk,
  { buildId, leaseId, attempt, logLines }: ReportOf<'ended'>,
): Promise<void> {
  const { builds, logs, logHasArrived } = desk;
  const { lease } = await renewLease(builds, { buildId, leaseId });
  if (lease === 'stale' || lease === 'over') return; // decided without waiting
  const isComplete = async (): Promise<boolean> => {
    const log = await logs.state(buildId);
    return log.attempt !== attempt || log.attemptLines >= logLines;
  };
  const until = performance.now() + COMPLETE_LIMIT_MS;
  const look = new Doubling(LOOK_MS);
  while (performance.now() < until) {
    if (await isComplete()) return;
    await logs.grows(buildId, look.next());
  }
  if (!(await logHasArrived(buildId))) throw new AppError('LOG_INCOMPLETE', { buildId, attempt, logLines });
  if (!(await isComplete())) await logs.closeGap(buildId, attempt, logLines);
}

function commandOf(report: Report, at: string, log: RecordedLog): BuildCommand {
  const { buildId, leaseId } = report;
  switch (report.type) {
    case 'source-resolved':
      return { type: 'RecordSource', data: { buildId, leaseId, commit: report.commit, at } };
    case 'step-advanced': {
      const { stepAt, phase, step } = report;
      return { type: 'RecordStep', data: { buildId, leaseId, stepAt, phase, step, at } };
    }
    case 'ended': {
      const { outcome } = report;
      const data = { buildId, leaseId, ...log, at };
      if (outcome.status === 'succeeded') return { type: 'RecordSuccess', data };
      if (outcome.status === 'cancelled') return { type: 'RecordCancelled', data };
      return { type: 'RecordFailure', data: { ...data, failure: outcome.failure } };
    }
  }
}
