// Loaded before every test file: the runner waits for a test or hook for as long as its promise takes, so one that never
// settles would hold the whole run. Here it fails instead, and the run goes on.
import { addEventHandler } from 'jest-circus';
import { limited } from './limited.js';

/** Far above what anything takes on a busy machine: this ends what hangs, it does not time what is slow. */
const LIMIT_MS = Number(process.env['TEST_HANG_LIMIT_MS'] ?? 300_000);

addEventHandler(({ name }, { currentDescribeBlock: block }) => {
  const added = name === 'add_test' ? block.children.at(-1) : name === 'add_hook' ? block.hooks.at(-1) : undefined;
  if (added && 'fn' in added && added.fn) added.fn = limited(added.fn as () => unknown, LIMIT_MS);
});
