import { readEnv, runService } from '@slipway/platform';
import { startAgent } from './agent.js';
import { Env } from './config.js';

await runService('build-agent', (context) => startAgent(readEnv(Env), context));
