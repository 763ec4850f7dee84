import { readEnv, runService } from '@slipway/platform';
import { Env } from './config.js';
import { startOrchestrator } from './orchestrator.js';

await runService('build-orchestrator', (context) => startOrchestrator(readEnv(Env), context));
