// A launcher to be killed by a spec: `launcher.fixture.ts <runDir> <workDir>`. It starts a child whose own child has made
// itself a daemon that ignores SIGTERM, leaves a socket, and prints the pids once all of them run.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openSupervisor } from './supervisor.js';
import { becomesTrue } from './wait.js';

const [runDir = '', workDir = '', role = 'launcher'] = process.argv.slice(2);
const pidFile = (name: string): string => join(workDir, `${name}.pid`);

switch (role) {
  case 'launcher':
    await launch();
    break;
  case 'child':
    spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', runDir, workDir, 'daemon'], {
      detached: true,
      stdio: 'ignore',
    }).unref();
    createServer().listen(join(workDir, 'service.sock'), () => writeFileSync(pidFile('child'), String(process.pid)));
    break;
  case 'daemon':
    process.on('SIGTERM', () => {});
    setInterval(() => {}, 60_000);
    writeFileSync(pidFile('daemon'), String(process.pid));
}

async function launch(): Promise<void> {
  const supervisor = openSupervisor({ command: 'fixture', runDir });
  supervisor.leave({ kind: 'path', path: join(workDir, 'service.sock') });
  supervisor.spawn({
    name: 'child',
    command: process.execPath,
    args: [...process.execArgv, process.argv[1] ?? '', runDir, workDir, 'child'],
    logFile: join(workDir, 'child.log'),
  });
  const names = ['child', 'daemon'];
  const pidOf = (name: string): number => (existsSync(pidFile(name)) ? Number(readFileSync(pidFile(name), 'utf8')) : 0);
  await becomesTrue(() => names.every((name) => pidOf(name) > 0), { limitMs: 30_000 }); // a file is there before its text
  const pids = names.map(pidOf);
  process.stdout.write(`${JSON.stringify({ launcher: process.pid, pids })}\n`);
  process.once('SIGTERM', () => void supervisor.stop().then(() => process.exit(0)));
}
