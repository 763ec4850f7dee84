import { findOnPath, isRoot } from './command.js';
import { installDebianPackages } from './debian.js';
import { Problem } from '../problem.js';

/** The agents fetch sources with the git CLI. @throws Problem when it is missing and cannot be installed */
export async function requireGit(): Promise<void> {
  if (findOnPath('git')) return;
  if (!isRoot() || !findOnPath('apt-get')) throw new Problem('git is not on PATH: install it.');
  await installDebianPackages(['git']);
}
