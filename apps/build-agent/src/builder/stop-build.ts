import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { cancelBuild } from './engine.js';

/** How long an engine may take to say that it stopped; measured: under 0.1 s. Then the connection is cut anyway. */
const STOP_WAIT_MS = 10_000;
const POLL_MS = 20;

/**
 * Asks BuildKit to stop and waits until its answer ends: by then the step's process is gone.
 * @param ended settles with the build's own stream
 */
export async function stopBuildkit(docker: Docker, engineId: string, ended: Promise<void>): Promise<void> {
  const late = new AbortController();
  const stopped = Promise.all([cancelBuild(docker, engineId), ended]).catch(() => {}); // an engine that is gone runs nothing either
  const limit = delay(STOP_WAIT_MS, undefined, { signal: late.signal }).catch(() => {});
  await Promise.race([stopped, limit]);
  late.abort();
}

/** The classic builder stops when its connection ends; its container is gone when the engine does not know it. */
export async function waitUntilGone(docker: Docker, container: string | undefined): Promise<void> {
  if (container === undefined) return;
  const deadline = performance.now() + STOP_WAIT_MS;
  while (performance.now() < deadline) {
    const isThere = await docker
      .getContainer(container)
      .inspect()
      .then(() => true, isNotMissing);
    if (!isThere) return;
    await delay(POLL_MS);
  }
  await docker
    .getContainer(container)
    .remove({ force: true })
    .catch(() => {});
}

/** An engine that does not answer is asked again, until the limit. */
const isNotMissing = (error: unknown): boolean => (error as { statusCode?: number }).statusCode !== 404;
