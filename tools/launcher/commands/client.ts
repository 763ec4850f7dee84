import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientTypes, CLIENT_TYPES_FILE } from '../../client/client-types.js';
import { checkoutPaths } from '../paths.js';
import { say } from '../progress.js';
import type { Command } from './command.js';

/** The typed client's types from the API as it is. */
export const client: Command = async () => {
  writeFileSync(join(checkoutPaths().root, CLIENT_TYPES_FILE), clientTypes());
  say(`${CLIENT_TYPES_FILE} is up to date.`);
  return 0;
};
