import type { Failure, FailureCode } from '@slipway/contracts';

/** What the system says when a file cannot be used, and neither the build nor the agent's code is at fault. */
const CODES: ReadonlyMap<string, FailureCode> = new Map([
  ['ENOSPC', 'DISK_FULL'],
  ['EDQUOT', 'DISK_FULL'],
  ['EIO', 'WORKSPACE_FAILED'],
  ['EROFS', 'WORKSPACE_FAILED'],
  ['ESTALE', 'WORKSPACE_FAILED'],
  ['ENODEV', 'WORKSPACE_FAILED'],
  ['EACCES', 'WORKSPACE_FAILED'],
  ['EMFILE', 'WORKSPACE_FAILED'],
  ['ENFILE', 'WORKSPACE_FAILED'],
  ['ENOMEM', 'WORKSPACE_FAILED'],
]);

/** The trouble of this machine behind an error, or behind what caused it. `undefined`: something else. */
export function machineFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code: errno = '', syscall = 'use' } = error as NodeJS.ErrnoException;
  const code = CODES.get(errno);
  if (!code) return machineFailure(error.cause);
  const message = `the agent could not ${syscall} a file: ${errno}`; // its path is nobody's business
  return { code, message, step: null, exitCode: null, lastLines: [] };
}
