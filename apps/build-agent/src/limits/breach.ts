import type { BuildFailureCode } from '../builder/build-failure.js';
import type { Refusal } from './step-cgroups.js';
import type { GuardOptions } from './step-guard.js';

/** `written`: by one step; `space`: the disk of the agent has too little left. */
export type Limit = Refusal['what'] | 'space' | 'written';

/** A step met a limit. */
export interface Breach {
  readonly limit: Limit;
  /** What the step ran; undefined when it was over before anybody looked. */
  readonly command: string | undefined;
  /** Of `performance.now()`. */
  readonly at: number;
}

export const CODES: Record<Limit, BuildFailureCode> = {
  memory: 'BUILD_MEMORY_LIMIT',
  processes: 'BUILD_PROCESS_LIMIT',
  space: 'BUILD_DISK_LIMIT',
  written: 'BUILD_DISK_LIMIT',
};

export function says(limit: Limit, { steps, disk, maxWrittenBytes }: GuardOptions): string {
  switch (limit) {
    case 'memory':
      return `The step needed more memory than the ${steps?.limits.memoryBytes} bytes that a step may have.`;
    case 'processes':
      return `The step started more processes than the ${steps?.limits.processes} that a step may have at once.`;
    case 'written':
      return `The step wrote more than the ${maxWrittenBytes} bytes that a step may write.`;
    case 'space':
      return `Less than ${disk.reserveBytes} bytes of the agent's disk were left, and this build was writing most.`;
  }
}

/** Steps are named as they stand in the Dockerfile, but for blanks and line ends. */
export const isNamedAfter = (step: string, command: string): boolean => squeeze(step).endsWith(` ${squeeze(command)}`);

const squeeze = (text: string): string => text.replaceAll(/[\s\\]+/g, ' ').trim();
