import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 250;

/** Two commands started at once on a fresh clone must not run `npm ci` over each other: the second waits for the first. */
export async function withInstallLock(root, work) {
  mkdirSync(join(root, '.slipway'), { recursive: true });
  const file = join(root, '.slipway', 'install.lock');
  let said = false;
  while (!take(file)) {
    if (!said) process.stderr.write('slipway: waiting for another command that is installing dependencies\n');
    said = true;
    await pause(POLL_MS);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.removeListener('exit', release);
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive(holder(file))) rmSync(file, { force: true }); // its owner was killed
    return false;
  }
}

function holder(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || process.pid; // empty: being written right now
  } catch {
    return process.pid; // just released: the next try takes it
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
