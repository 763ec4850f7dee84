import { execFile, execFileSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Problem } from '../problem.js';

/** Administrators' tools are not on everybody's PATH. */
const EXTRA_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

const OUTPUT_MAX_BYTES = 16 << 20;

/** The first file of this name on PATH that may be executed. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const directories = [...(env['PATH'] ?? '').split(delimiter), ...EXTRA_DIRECTORIES];
  return directories.map((directory) => join(directory, name)).find((file) => isExecutable(file));
}

/** Runs to its end. @throws Problem with what it wrote, when it fails */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { ...options, maxBuffer: OUTPUT_MAX_BYTES }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      reject(new Problem(`${command} ${args.join(' ')} failed:\n${(stderr || stdout || error.message).trim()}`));
    });
  });
}

/** What a program says about its version, or `undefined` when it cannot run. */
export function versionOf(command: string, args: readonly string[] = ['--version']): string | undefined {
  try {
    const text = execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    });
    return /\d+\.\d+\.\d+/.exec(text)?.[0];
  } catch {
    return undefined;
  }
}

export function isAtLeast(version: string, minimum: string): boolean {
  const [have, need] = [version, minimum].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  for (const [index, part] of (need ?? []).entries()) {
    const difference = (have?.[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

export const isRoot = (): boolean => process.geteuid?.() === 0;

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
