// `engine.fixture.ts <root>`: what a user without rights gets who asks for an engine. Prints the problem. Rights are given
// up only while it asks, because such a user may not even read a checkout that lies in root's home.
import { chownSync } from 'node:fs';
import { checkoutPaths } from '../paths.js';
import { openSupervisor } from '../process/supervisor.js';
import { provideEngine } from './engine.js';

const NOBODY = 65_534;

const paths = checkoutPaths(process.argv[2]);
const supervisor = openSupervisor({ command: 'fixture', runDir: paths.run });
for (const directory of [paths.state, paths.run]) chownSync(directory, NOBODY, NOBODY);
process.seteuid?.(NOBODY);
const said = await provideEngine(paths, supervisor, undefined).then(
  ({ dockerHost }) => dockerHost,
  (error: Error) => `${error.name}: ${error.message}`,
);
process.seteuid?.(0);
await supervisor.stop();
process.stdout.write(said);
