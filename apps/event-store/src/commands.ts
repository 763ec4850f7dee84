import { ConfigError } from '@slipway/platform';
import { readStoreFile } from './config.js';
import { backup } from './maintenance/backup.js';
import { scavenge } from './maintenance/scavenge.js';
import { verify } from './maintenance/verify.js';

const USAGE = `usage: event-store [serve | scavenge | verify | backup <file>]
  serve     answers clients until it is told to stop (default)
  scavenge  removes events that no reader can see any more; the server must be stopped
  verify    reads the whole store and reports damage; the server must be stopped
  backup    copies the store into a new file; the server may run
The store is named by EVENT_STORE_FILE.`;

/** sysexits.h, as `runService` has it. */
const EXIT = { ok: 0, failed: 1, usage: 64, config: 78 } as const;

/** Runs one of the commands that end by themselves. Returns the exit code. */
export function runCommand([command = '', target]: readonly string[], print: (line: string) => void): number {
  try {
    switch (command) {
      case 'scavenge': {
        const { events, bytesBefore, bytesAfter } = scavenge(readStoreFile());
        print(`${events} events removed; ${mebibytes(bytesBefore)} before, ${mebibytes(bytesAfter)} now`);
        return EXIT.ok;
      }
      case 'verify':
        return report(readStoreFile(), print);
      case 'backup': {
        if (!target) break;
        const { bytes, lastPosition } = backup(readStoreFile(), target);
        print(`${target} written: ${mebibytes(bytes)}, up to position ${lastPosition}`);
        return EXIT.ok;
      }
    }
    print(USAGE);
    return EXIT.usage;
  } catch (error) {
    print(`event-store: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof ConfigError ? EXIT.config : EXIT.failed;
  }
}

function report(file: string, print: (line: string) => void): number {
  const { events, streams, problems } = verify(file);
  for (const problem of problems) print(problem);
  print(`${events} events in ${streams} streams: ${problems.length === 0 ? 'sound' : `${problems.length} problems`}`);
  return problems.length === 0 ? EXIT.ok : EXIT.failed;
}

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
