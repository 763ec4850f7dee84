// `engine.fixture.ts <root>`: what a user without rights gets who asks for an engine. Prints the problem.
import { checkoutPaths } from '../paths.js';
import { openSupervisor } from '../process/supervisor.js';
import { provideEngine } from './engine.js';

const paths = checkoutPaths(process.argv[2]);
const supervisor = openSupervisor({ command: 'fixture', runDir: paths.run });
const said = await provideEngine(paths, supervisor, undefined).then(
  ({ dockerHost }) => dockerHost,
  (error: Error) => `${error.name}: ${error.message}`,
);
await supervisor.stop();
process.stdout.write(said);
