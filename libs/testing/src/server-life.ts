import type { GuardedProcess } from './guarded-process.js';
import type { TemporaryDirectory } from './temporary-directory.js';
import type { TestServer } from './test-server.js';

/** A process that answers on `url`. */
export interface Running {
  readonly process: GuardedProcess;
  readonly url: string;
}

/** Stop, kill and restart for a server that `start` can start again on the port it first got. */
export async function serverLife(
  directory: TemporaryDirectory,
  start: (port: number) => Promise<Running>,
): Promise<TestServer> {
  let running = await start(0);
  const { url } = running;
  const port = Number(new URL(url).port);
  return {
    url,
    get pid() {
      return running.process.pid;
    },
    async stop() {
      await running.process.stop();
      directory.remove();
    },
    kill: () => running.process.kill(),
    async restart() {
      await running.process.stop();
      running = await start(port);
    },
  };
}

/** @throws with the process's last words when it ends before it is ready */
export async function readyOrDead<T>(process: GuardedProcess, ready: Promise<T>): Promise<T> {
  const died = process.exited.then((code) => {
    throw new Error(`The server exited with ${code} before it was ready:\n${process.lastLines()}`);
  });
  try {
    return await Promise.race([ready, died]);
  } catch (error) {
    await process.kill();
    throw error;
  }
}
