import { runDemo } from '../demo/demo.js';
import { showNextSteps } from '../demo/next-steps.js';
import { chapter, openScreen } from '../demo/screen.js';
import { type DemoSystem, openSystem } from '../demo/system.js';
import { type CheckoutPaths, checkoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import { describeDeath } from '../process/death.js';
import { becomesTrue } from '../process/wait.js';
import { findPrograms } from '../setup/programs.js';
import { withoutPassword } from '../setup/url.js';
import { serversFrom } from '../system/options.js';
import type { Command } from './command.js';

const LIMIT_MS = 300_000; // once the system is ready; it takes some seconds

const DEATH_NOTICE_MS = 300; // connections break before the end of a service is known

/** From a git repository to a running image, on the Slipway that runs already or on one of its own. */
export const demo: Command = async ({ signal }) => {
  const paths = checkoutPaths();
  const screen = openScreen(process.stdout, process.env);
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;

  chapter(screen, 'Slipway', 'from a git repository to a running image');
  const busybox = fetchBusybox(paths);
  const system = await openSystem(paths, signal);
  try {
    screen.line(`  ${system.isOurs ? `ready after ${seconds()}, with two agents` : 'the one that npm start runs'}`);
    screen.line(
      screen.paint('dim', `  API ${system.api}/v1   registry ${withoutPassword(system.registry).replace(/\/$/, '')}`),
    );
    const builds = await untilEnded(system, signal, (ended) =>
      runDemo({ paths, screen, system, busybox, signal: ended }),
    );
    showNextSteps(screen, system, builds.at(-1)?.build_id ?? '');
  } finally {
    await system.stop();
  }
  screen.line();
  const left = system.isOurs ? 'nothing of it runs any more' : 'what npm start runs goes on';
  screen.line(screen.paint('dim', `Done after ${seconds()}; ${left}.`));
  return 0;
};

/** In one go with what the system needs, and in its way only if the engine can pull no image. */
function fetchBusybox(paths: CheckoutPaths): Promise<string | undefined> {
  const { nats, registry } = serversFrom(process.env);
  const programs = findPrograms(paths, { natsServer: !nats, registry: !registry, busybox: true });
  const busybox = programs.then((found) => found.busybox);
  busybox.catch(() => {}); // asked for later, if at all
  return busybox;
}

/** Gives up when it is told to, when a service dies, or when it takes too long. @throws whatever ended it */
async function untilEnded<T>(
  system: DemoSystem,
  signal: AbortSignal,
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  const failure = new AbortController();
  const limit = setTimeout(
    () => failure.abort(new Problem(`not done after ${LIMIT_MS / 1_000} s: given up.`)),
    LIMIT_MS,
  );
  system.onDeath((death) => failure.abort(new Problem(describeDeath(death))));
  const ended = AbortSignal.any([signal, failure.signal]);
  try {
    return await work(ended);
  } catch (error) {
    await becomesTrue(() => ended.aborted, { limitMs: DEATH_NOTICE_MS });
    ended.throwIfAborted(); // what failed then only followed from it
    throw error;
  } finally {
    clearTimeout(limit);
  }
}
