import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@slipway/testing';
import { checkoutPaths } from '../../../tools/launcher/paths.js';
import { openSupervisor } from '../../../tools/launcher/process/supervisor.js';

/** A file system of a few MiB in memory, which is gone when this process is, however it ends. */
export interface SmallDisk {
  readonly path: string;
  readonly freeBytes: () => number;
  /** Takes all the room there is but so much. */
  readonly fill: (leaveBytes?: number) => void;
  /** Gives back what `fill` took. */
  readonly empty: () => void;
  readonly close: () => Promise<void>;
}

const PIECE = Buffer.alloc(64 * 1024);

/** @throws where this process may not mount */
export async function openSmallDisk(mib: number): Promise<SmallDisk> {
  const directory = temporaryDirectory();
  const path = join(directory.path, 'disk');
  const supervisor = openSupervisor({ command: 'small-disk', runDir: checkoutPaths().run });
  supervisor.leave({ kind: 'path', path: directory.path });
  supervisor.leave({ kind: 'mounts', under: path });
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=700`, 'slipway-small-disk', path]);
  const filler = join(path, 'filler');
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  };
  return {
    path,
    freeBytes,
    fill: (leaveBytes = 0) => {
      const file = openSync(filler, 'a');
      try {
        while (freeBytes() > leaveBytes) writeSync(file, PIECE, 0, Math.min(PIECE.length, freeBytes() - leaveBytes));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error; // somebody else took it
      } finally {
        closeSync(file);
      }
    },
    empty: () => rmSync(filler, { force: true }),
    close: async () => {
      await supervisor.stop();
      directory.remove();
    },
  };
}
