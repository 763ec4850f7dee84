import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '@slipway/platform';
import { temporaryDirectory } from '@slipway/testing';
import { JobGate } from '../slots/job-gate.js';
import { DiskFloor } from './disk-floor.js';

const MIB = 1_048_576;
/** Mounting is for root alone. */
const asRoot = process.getuid?.() === 0 ? it : it.skip;

describe('the floor of free disk', () => {
  asRoot(
    'closes the gate while collecting does not help the fullest disk, and opens it when there is clearly more',
    async () => {
      const [roomy, small] = [temporaryDirectory().path, temporaryDirectory().path];
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'slipway-test', small]);
      try {
        const gate = new JobGate();
        const asked: number[] = [];
        const makeRoom = async (missingBytes: number): Promise<void> => {
          asked.push(missingBytes);
          expect(gate.reasons).toEqual(['collecting']); // nothing is begun meanwhile
          await rm(join(small, 'collectable'), { force: true });
        };
        const floor = new DiskFloor({
          paths: [roomy, small],
          floorBytes: 10 * MIB,
          gate,
          logger: silentLogger,
          makeRoom,
        });
        expect(floor.freeBytes).toBeNull();
        await floor.look();
        expect([gate.reasons, floor.freeBytes]).toEqual([[], 20 * MIB]);

        await writeFile(join(small, 'collectable'), Buffer.alloc(12 * MIB));
        await floor.look();
        expect([gate.reasons, floor.freeBytes, asked]).toEqual([[], 20 * MIB, [3 * MIB]]);

        await writeFile(join(small, 'large'), Buffer.alloc(10.5 * MIB));
        await floor.look();
        expect([gate.reasons, floor.freeBytes, asked.length]).toEqual([['disk'], 9.5 * MIB, 2]);
        expect(floor.missingBytes).toBe(1.5 * MIB);

        await writeFile(join(small, 'large'), Buffer.alloc(9.5 * MIB)); // above the floor, but not clearly
        await floor.look();
        expect(gate.reasons).toEqual(['disk']);

        await rm(join(small, 'large'));
        await floor.look();
        expect(gate.isOpen).toBe(true);
      } finally {
        execFileSync('umount', ['--lazy', small]);
      }
    },
  );

  it('closes nothing for a disk that is not there', async () => {
    const gate = new JobGate();
    const floor = new DiskFloor({
      paths: ['/nowhere/at/all'],
      floorBytes: Number.MAX_SAFE_INTEGER,
      gate,
      logger: silentLogger,
      makeRoom: () => Promise.resolve(),
    });
    await floor.look();
    expect([gate.isOpen, floor.freeBytes]).toEqual([true, null]);
  });
});
