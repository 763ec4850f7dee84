import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CheckoutPaths } from '../paths.js';

/** The environment in which Node, and every Node it starts, runs TypeScript. A URL has no spaces that would end the option. */
export const typescriptEnv = (paths: CheckoutPaths): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_OPTIONS: `--import=${pathToFileURL(join(paths.root, 'tools', 'ts-hook.mjs')).href}`,
});

/** A tool of the checkout's own node_modules. */
export const toolPath = (paths: Pick<CheckoutPaths, 'root'>, name: string): string =>
  join(paths.root, 'node_modules', '.bin', name);
