import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, VIEWS } from '@slipway/read-model';
import { sql } from 'kysely';
import { assertHappened, atWorkOn, tally, told } from '../lib/builds.js';
import type { Scenario } from '../lib/scenario.js';

export const wipedNats: Scenario = {
  name: 'wiped-nats',
  says: 'everything in JetStream is lost: queued builds are offered again, running ones go on, nothing is built twice',
  run: async ({ rounds, open, say }) => {
    const house = await open({ agents: 2, env: { 'build-agent': { DUMMY_STEP_MS: '500', DUMMY_LINES: '60' } } });
    const repositories = [await house.createRepository('one')];
    // More than two agents can do, so that there is a queue to be lost.
    await house.load.during(repositories, 4, async () => {
      const count = rounds({ short: 1, full: 3 });
      for (let round = 0; round < count; round++) {
        await atWorkOn(house, 'agent-1');
        await house.kill('nats');
        house.mayLoseLines = true;
        rmSync(join(house.system.stateDir, 'nats', 'jetstream'), { recursive: true });
        await house.revive('nats');
      }
    });
    const counted = await tally(house);
    say(told(counted));
    assertHappened('nothing was built', counted.builds > 0);
  },
};

export const droppedReadModel: Scenario = {
  name: 'dropped-read-model',
  says: 'all tables are dropped while builds run: reads say 503, and the views come back from the first event',
  run: async ({ rounds, open, say }) => {
    const house = await open({ agents: 2, env: { 'build-agent': { DUMMY_STEP_MS: '300', DUMMY_LINES: '60' } } });
    const repositories = [await house.createRepository('one')];
    await house.load.during(repositories, 3, async () => {
      const count = rounds({ short: 1, full: 3 });
      for (let round = 0; round < count; round++) {
        await atWorkOn(house, 'agent-1');
        await house.kill('projections');
        await dropTables(house.system.databaseUrl);
        house.checkpoints.forget();
        const { status } = await house.client.call('/v1/builds?namespace=faults');
        assertHappened(`a list was answered with ${status}`, status === 503);
        await house.revive('projections');
      }
    });
    say(told(await tally(house)));
  },
};

async function dropTables(url: string): Promise<void> {
  const database = openDatabase(url);
  try {
    await database.transaction(async ({ db }) => {
      for (const { name } of [...VIEWS.flatMap(({ tables }) => tables), { name: 'read_model_view' }])
        await sql`drop table ${sql.table(name)}`.execute(db);
    });
  } finally {
    await database.close();
  }
}
