import { statfs } from 'node:fs/promises';
import { pause } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import type { JobGate } from '../slots/job-gate.js';

/** How often it is looked, ms. */
const LOOK_MS = 2_000;
/** So much above the floor it opens again, so that the last file of a build does not open and close it. */
const OPENS_AT = 1.1;

export interface DiskFloorOptions {
  /** On every disk that builds write to. */
  readonly paths: readonly string[];
  readonly floorBytes: number;
  readonly gate: JobGate;
  readonly logger: Logger;
  /** Gives up what nobody needs, before the gate is closed. */
  readonly makeRoom: (missingBytes: number) => Promise<void>;
}

/** Takes no job while a disk that builds write to has too little room; builds that run go on. */
export class DiskFloor {
  #freeBytes: number | null = null;

  constructor(private readonly options: DiskFloorOptions) {}

  /** Where there is the least; null: not known. */
  get freeBytes(): number | null {
    return this.#freeBytes;
  }

  /** Until jobs are taken again; 0: they are. */
  get missingBytes(): number {
    return this.#isClosed && this.#freeBytes !== null ? Math.max(this.#opensAtBytes - this.#freeBytes, 0) : 0;
  }

  get #isClosed(): boolean {
    return this.options.gate.reasons.includes('disk');
  }

  get #opensAtBytes(): number {
    return this.options.floorBytes * OPENS_AT;
  }

  async look(): Promise<void> {
    const { floorBytes, gate, makeRoom } = this.options;
    await this.#measure();
    if (this.#freeBytes !== null && this.#freeBytes < floorBytes && !this.#isClosed) {
      gate.set('collecting', true);
      await makeRoom(this.#opensAtBytes - this.#freeBytes);
      await this.#measure();
    }
    this.#judge();
    gate.set('collecting', false);
  }

  async #measure(): Promise<void> {
    const free = (await Promise.all(this.options.paths.map(freeBytesOf))).filter((bytes) => bytes !== undefined);
    this.#freeBytes = free.length > 0 ? Math.min(...free) : null;
  }

  #judge(): void {
    const freeBytes = this.#freeBytes;
    if (freeBytes === null) return; // what cannot be measured closes nothing
    const { floorBytes, gate, logger } = this.options;
    const isShort = freeBytes < (this.#isClosed ? this.#opensAtBytes : floorBytes);
    if (isShort === this.#isClosed) return;
    if (isShort) logger.error({ freeBytes, floorBytes }, 'too little disk: no job is taken until there is more');
    else logger.info({ freeBytes, floorBytes }, 'enough disk again: jobs are taken');
    gate.set('disk', isShort);
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
