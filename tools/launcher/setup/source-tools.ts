import { Problem } from '../problem.js';
import { say } from '../progress.js';
import { findOnPath, isRoot } from './command.js';
import { installDebianPackages } from './debian.js';

/** What the agents fetch sources with: the git CLI, and OpenSSH's client for it. @throws Problem without git */
export async function provideSourceTools(): Promise<void> {
  const missing = [
    { program: 'git', package: 'git' },
    { program: 'ssh-agent', package: 'openssh-client' },
  ].filter(({ program }) => !findOnPath(program));
  if (missing.length === 0) return;
  if (isRoot() && findOnPath('apt-get')) return installDebianPackages(missing.map((tool) => tool.package));
  if (missing.some(({ program }) => program === 'git')) throw new Problem('git is not on PATH: install it.');
  say('there is no ssh-agent on PATH: sources are fetched over http and https only.');
}
