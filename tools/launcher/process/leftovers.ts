import { stderr } from 'node:process';
import { rmSync } from 'node:fs';
import { deleteFromEngine } from './engine-thing.js';
import { removeBridge, removeCgroup, removePacketRules, unmountUnder } from './kernel-things.js';
import { type ProcessIdentity, isRunning, processesWithEnv, signal, signalGroup } from './process-table.js';
import { becomesTrue } from './wait.js';

/** The environment variable that marks every process of one launcher, however far down it was started. */
export const MARK = 'SLIPWAY_INSTANCE';

/** All that a launcher would leave behind if it vanished now. Plain data: it is also written to the state file. */
export interface Leftovers {
  readonly mark: string;
  readonly children: readonly Child[];
  readonly things: readonly Thing[];
}

export interface Child extends ProcessIdentity {
  readonly name: string;
  readonly graceMs: number; // between SIGTERM and SIGKILL
}

/** Outlives processes: removed after them. */
export type Thing =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'cgroup'; readonly name: string }
  | { readonly kind: 'bridge'; readonly name: string }
  | { readonly kind: 'packet-rules'; readonly name: string } // of their chain, or their comment
  | { readonly kind: 'mounts'; readonly under: string }
  | { readonly kind: 'engine-thing'; readonly dockerHost: string; readonly path: string }; // of the engine's API

const KILL_LIMIT_MS = 5_000;

/**
 * Ends and removes everything named, newest child first, and does nothing when there is nothing: it may run twice.
 * Never signals a process that is not for certain one of ours.
 */
export async function sweep({ mark, children, things }: Leftovers): Promise<void> {
  for (const child of children.toReversed()) await end(child);
  await endMarked(mark);
  for (const thing of things.toReversed())
    await remove(thing).catch((error: Error) => void stderr.write(`slipway: cannot remove it: ${error.message}\n`));
}

/** SIGTERM, the grace, then SIGKILL to the whole group. */
export async function end(child: Child): Promise<void> {
  signal(child, 'SIGTERM');
  const gone = () => !isRunning(child);
  if (await becomesTrue(gone, { limitMs: child.graceMs })) return;
  signalGroup(child, 'SIGKILL');
  await becomesTrue(gone, { limitMs: KILL_LIMIT_MS });
}

async function endMarked(mark: string): Promise<void> {
  const left = (name: NodeJS.Signals) => {
    const found = processesWithEnv(MARK, mark);
    for (const identity of found) signal(identity, name);
    return found.length === 0;
  };
  if (left('SIGTERM') || (await becomesTrue(() => left('SIGTERM'), { limitMs: 1_000, everyMs: 100 }))) return;
  await becomesTrue(() => left('SIGKILL'), { limitMs: KILL_LIMIT_MS, everyMs: 50 });
}

async function remove(thing: Thing): Promise<void> {
  switch (thing.kind) {
    case 'path':
      return rmSync(thing.path, { recursive: true, force: true });
    case 'cgroup':
      return removeCgroup(thing.name);
    case 'bridge':
      return removeBridge(thing.name);
    case 'packet-rules':
      return removePacketRules(thing.name);
    case 'mounts':
      return unmountUnder(thing.under);
    case 'engine-thing':
      return deleteFromEngine(thing.dockerHost, thing.path);
  }
}
