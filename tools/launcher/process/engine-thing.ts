import { request } from 'node:http';
import { parseDockerHost } from '../setup/docker-host.js';

const LIMIT_MS = 10_000;

/** Removes a container or an image. What is not there, and an engine that is gone, count as done. */
export function deleteFromEngine(dockerHost: string, path: string): Promise<void> {
  return new Promise((resolve) => {
    const removal = request({ ...parseDockerHost(dockerHost), method: 'DELETE', path, timeout: LIMIT_MS }, (answer) => {
      answer.resume().once('close', resolve);
    });
    removal.once('timeout', () => removal.destroy());
    removal.once('error', () => resolve());
    removal.end();
  });
}
