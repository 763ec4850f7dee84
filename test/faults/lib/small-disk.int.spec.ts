import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSmallDisk, type SmallDisk } from './small-disk.js';

const MIB = 1_048_576;

describe('a small disk', () => {
  let disk: SmallDisk;
  beforeEach(async () => {
    disk = await openSmallDisk(2);
  });
  afterEach(() => disk.close());

  const write = (bytes: number) => (): void => writeFileSync(join(disk.path, 'file'), Buffer.alloc(bytes));

  it('has so much room, and none when it is filled, until it is emptied', () => {
    expect(disk.freeBytes()).toBeGreaterThan(1.9 * MIB);
    disk.fill(64 * 1024);
    expect(disk.freeBytes()).toBeLessThanOrEqual(64 * 1024);
    disk.fill();
    expect(write(8_192)).toThrow('ENOSPC');
    disk.empty();
    expect(write(MIB)).not.toThrow();
  });

  it('is gone when it is closed', async () => {
    await disk.close();
    expect(existsSync(disk.path)).toBe(false);
  });
});
