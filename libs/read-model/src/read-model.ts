import { buildQueries, type BuildQueries } from './build/queries.js';
import { openDatabase, type DatabaseOptions } from './database/open-database.js';
import { deliveryQueries, type DeliveryQueries } from './delivery/queries.js';
import { hookDeliveryQueries, type HookDeliveryQueries } from './hook-delivery/queries.js';
import { hookQueries, type HookQueries } from './hook/queries.js';
import { logQueries, type LogQueries } from './log/queries.js';
import { namespaceQueries, type NamespaceQueries } from './namespace/queries.js';
import { repositoryQueries, type RepositoryQueries } from './repository/queries.js';
import { robotQueries, type RobotQueries } from './robot/queries.js';
import { publicTagQueries, type PublicTagQueries } from './tag/queries.js';
import { userQueries, type UserQueries } from './user/queries.js';
import { checkpointQueries, type Checkpoints } from './views/checkpoints.js';

/** What can be asked. Every query throws READ_MODEL_UNAVAILABLE while there is no database or no table yet. */
export interface ReadModel {
  readonly builds: BuildQueries;
  readonly repositories: RepositoryQueries;
  readonly tags: PublicTagQueries;
  readonly hooks: HookQueries;
  readonly hookDeliveries: HookDeliveryQueries;
  readonly deliveries: DeliveryQueries;
  readonly logs: LogQueries;
  readonly users: UserQueries;
  readonly namespaces: NamespaceQueries;
  readonly robots: RobotQueries;
  readonly checkpoints: Checkpoints;
  readonly close: () => Promise<void>;
}

/** Opens on first use. `url`: `sqlite:<path>` or `postgres://…`. */
export function openReadModel(url: string, options: DatabaseOptions = {}): ReadModel {
  const database = openDatabase(url, options);
  return {
    builds: buildQueries(database),
    repositories: repositoryQueries(database),
    tags: publicTagQueries(database),
    hooks: hookQueries(database),
    hookDeliveries: hookDeliveryQueries(database),
    deliveries: deliveryQueries(database),
    logs: logQueries(database),
    users: userQueries(database),
    namespaces: namespaceQueries(database),
    robots: robotQueries(database),
    checkpoints: checkpointQueries(database),
    close: database.close,
  };
}
