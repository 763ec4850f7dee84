import { readFileSync } from 'node:fs';

const MB = 1024 * 1024;

/** Memory a process holds now (`VmRSS`), MB. Linux. */
export const rssMb = (pid: number): number => statusMb(pid, 'VmRSS');

/** The most a process ever held (`VmHWM`), MB. Linux. */
export const peakRssMb = (pid: number): number => statusMb(pid, 'VmHWM');

function statusMb(pid: number, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!found) throw new Error(`No ${field} of process ${pid}`);
  return (Number(found[1]) * 1024) / MB;
}
