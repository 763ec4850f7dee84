import { readdir, statfs } from 'node:fs/promises';
import { PauseReason } from '@slipway/contracts';
import { watch } from '@slipway/platform';
import { answersWithin, type Ping } from '../needed/answer-watch.js';

/** Shows how full the agent is, its disk and its engine. Nothing is asked unless somebody looks. */
export function watchAgent({
  slots,
  builds,
  pausedBy,
  stateDirectory,
  workspaces,
  keptReports,
  pingEngine,
}: {
  readonly slots: number;
  readonly builds: () => readonly string[];
  /** Why it takes no jobs now. */
  readonly pausedBy: () => readonly PauseReason[];
  readonly stateDirectory: string;
  readonly workspaces: string;
  readonly keptReports: () => Promise<number>;
  /** `undefined`: there is no engine. */
  readonly pingEngine: Ping | undefined;
}): void {
  watch('slipway_agent_slots', () => slots);
  watch('slipway_agent_busy_slots', () => builds().length);
  watch('slipway_agent_paused', () => {
    const reasons = pausedBy();
    return PauseReason.options.map((reason) => ({ labels: { reason }, value: reasons.includes(reason) ? 1 : 0 }));
  });
  watch('slipway_agent_workspaces', async () => (await readdir(workspaces).catch(() => [])).length);
  watch('slipway_kept_reports', keptReports);
  watch('slipway_agent_disk_free_bytes', async () => {
    const { bavail, bsize } = await statfs(stateDirectory);
    return bavail * bsize;
  });
  watch('slipway_agent_disk_size_bytes', async () => {
    const { blocks, bsize } = await statfs(stateDirectory);
    return blocks * bsize;
  });
  if (pingEngine) watch('slipway_engine_up', async () => Number(await answersWithin(pingEngine, ENGINE_LIMIT_MS)));
}

/** Whoever collects metrics does not wait longer, ms. */
const ENGINE_LIMIT_MS = 1_500;
