import { readEnv } from '@slipway/platform';
import { Env as AgentEnv } from '../../apps/build-agent/src/config.js';
import { Env as OrchestratorEnv } from '../../apps/build-orchestrator/src/config.js';
import { readServerConfig } from '../../apps/event-store/src/config.js';
import { readConfig as readGatewayConfig } from '../../apps/gateway/src/config.js';
import { readConfig as readNotifierConfig } from '../../apps/notifier/src/config.js';
import { readConfig as readProjectionsConfig } from '../../apps/projections/src/config.js';
import { readConfig as readRepositoryConfig } from '../../apps/repository/src/config.js';

export type Env = Readonly<Record<string, string>>;

/** How each service reads its environment. @throws ConfigError */
export const READ: Readonly<Record<string, (env: Env) => unknown>> = {
  gateway: readGatewayConfig,
  repository: readRepositoryConfig,
  'build-orchestrator': (env) => readEnv(OrchestratorEnv, env),
  'build-agent': (env) => readEnv(AgentEnv, env),
  projections: readProjectionsConfig,
  notifier: readNotifierConfig,
  'event-store': readServerConfig,
};
