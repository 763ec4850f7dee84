import { statfs } from 'node:fs/promises';
import { pause } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import type { JobGate } from '../slots/job-gate.js';

/** How often it is looked, ms. */
const LOOK_MS = 2_000;
/** So much above the floor it opens again, so that the last file of a build does not open and close it. */
const OPENS_AT = 1.1;

/** Takes no job while a disk that builds write to has too little room; builds that run go on. */
export class DiskFloor {
  #freeBytes: number | null = null;

  constructor(
    private readonly paths: readonly string[],
    private readonly floorBytes: number,
    private readonly gate: JobGate,
    private readonly logger: Logger,
  ) {}

  /** Where there is the least; null: not known. */
  get freeBytes(): number | null {
    return this.#freeBytes;
  }

  async look(): Promise<void> {
    const free = (await Promise.all(this.paths.map(freeBytesOf))).filter((bytes) => bytes !== undefined);
    this.#freeBytes = free.length > 0 ? Math.min(...free) : null;
    if (this.#freeBytes === null) return; // what cannot be measured closes nothing
    const isClosed = this.gate.reasons.includes('disk');
    const isShort = this.#freeBytes < (isClosed ? this.floorBytes * OPENS_AT : this.floorBytes);
    if (isShort === isClosed) return;
    const fields = { freeBytes: this.#freeBytes, floorBytes: this.floorBytes };
    if (isShort) this.logger.error(fields, 'too little disk: no job is taken until there is more');
    else this.logger.info(fields, 'enough disk again: jobs are taken');
    this.gate.set('disk', isShort);
  }

  /** Until `signal` is aborted. */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      await pause(LOOK_MS, signal);
    }
  }
}

async function freeBytesOf(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    return undefined; // it is not there, or not here
  }
}
