import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 5;
/** A view that is further behind is not waited for. */
const WAIT_LIMIT_MS = 500;

interface Waiter {
  readonly view: string;
  readonly position: number;
  readonly giveUpAt: number;
  readonly resolve: (passed: boolean) => void;
}

export interface ViewCheckpoints {
  /** Resolves when the view has passed the position (true), or after `WAIT_LIMIT_MS` (false). Never rejects. */
  readonly pass: (view: string, position: number) => Promise<boolean>;
}

/** One poller for everybody who waits; it rests when nobody does. `checkpointOf` may reject: then nobody waits longer. */
export function viewCheckpoints(checkpointOf: (view: string) => Promise<number>): ViewCheckpoints {
  let waiting: readonly Waiter[] = [];
  let isPolling = false;

  const poll = async (): Promise<void> => {
    isPolling = true;
    while (waiting.length > 0) {
      const views = [...new Set(waiting.map(({ view }) => view))];
      const checkpoints = new Map(
        await Promise.all(views.map(async (view) => [view, await checkpointOf(view).catch(() => NaN)] as const)),
      );
      waiting = waiting.filter((waiter) => !settle(waiter, checkpoints.get(waiter.view)));
      if (waiting.length > 0) await pause(POLL_MS);
    }
    isPolling = false;
  };

  return {
    pass: (view, position) =>
      new Promise((resolve) => {
        waiting = [...waiting, { view, position, resolve, giveUpAt: performance.now() + WAIT_LIMIT_MS }];
        if (!isPolling) void poll();
      }),
  };
}

/** `checkpoint`: undefined for a view that was asked for during the poll, NaN when it cannot be read. */
function settle({ position, giveUpAt, resolve }: Waiter, checkpoint: number | undefined): boolean {
  if (checkpoint === undefined) return false;
  const passed = checkpoint >= position;
  if (!passed && !Number.isNaN(checkpoint) && performance.now() < giveUpAt) return false;
  resolve(passed);
  return true;
}
