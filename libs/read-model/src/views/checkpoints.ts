import type { Database } from '../database/open-database.js';
import { available } from '../database/unavailable.js';
import { NOWHERE, type RegistryRow } from './registry.js';
import { VIEWS } from './views.js';

export interface Checkpoints {
  /** The position the view has passed; below every position when it has seen nothing. */
  readonly of: (view: string) => Promise<number>;
  /** Why the views cannot be read with this version of the code; `undefined` when they can. */
  readonly problem: () => Promise<string | undefined>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const checkpointQueries = (database: Database): Checkpoints => ({
  of: async (view) => (await readRegistry(database)).find((row) => row.view === view)?.position ?? NOWHERE,
  problem: async () => {
    const rows = await readRegistry(database);
    const stale = VIEWS.filter(({ name, version }) => rows.find(({ view }) => view === name)?.version !== version);
    return stale.length === 0 ? undefined : `views to be rebuilt: ${stale.map(({ name }) => name).join(', ')}`;
  },
});

const readRegistry = ({ db }: Database): Promise<readonly RegistryRow[]> =>
  available(() => db.selectFrom('read_model_view').selectAll().execute());
