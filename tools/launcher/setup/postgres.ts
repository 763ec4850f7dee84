import { postgresBinaries } from '@slipway/testing';
import { say } from '../progress.js';
import { isRoot } from './command.js';
import { installDebianPackages } from './debian.js';

/**
 * For tests: every test starts a cluster of its own. Debian's package is installed where root can do that; elsewhere one
 * sentence says what is not tested.
 */
export async function providePostgres(): Promise<void> {
  if (postgresBinaries() !== undefined) return;
  if (isRoot()) await installDebianPackages(['postgresql']);
  else say('PostgreSQL is not installed, and only root can install it: what needs it is not tested.');
}
