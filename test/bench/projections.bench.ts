import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connectEventStore, type EventStore } from '@slipway/event-store';
import { buildHistory, logHistory, repositoryHistory, userHistory, type History } from '@slipway/read-model/fixtures';
import { postgresBinaries, startEventStoreServer, startPostgres, temporaryDirectory } from '@slipway/testing';
import { atLeast, bench } from './lib/bench.js';
import { inParallel, median } from './lib/statistics.js';

/** Fewer for a quick look. */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 100_000);
/** Every build has five steps, one in four lost an attempt, and a log of 150 lines: an agent sends what came in 50 ms. */
const LOG = { chunks: 6, lines: 25 };
const GOAL = 10_000;
const ROUNDS = 3;

const hook = fileURLToPath(new URL('../../tools/ts-hook.mjs', import.meta.url));
const app = fileURLToPath(new URL('../../apps/projections/src/main.ts', import.meta.url));

await bench('projections', async (b) => {
  const server = await startEventStoreServer();
  const store = connectEventStore({ url: server.url });
  b.progress(`filling the event store up to ${EVENTS.toLocaleString('en-US')} events`);
  const appended = await fill(store);
  await store.close();

  const directory = temporaryDirectory();
  b.progress('rebuilding all views on SQLite');
  const rounds: (readonly Rebuilt[])[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push(await rebuild(server.url, `sqlite:${directory.path}/read-model.db`, appended));
  const unit = 'events/s';
  b.metric({ name: 'rebuild_events', value: median(rounds.map(rateOf)), unit, goal: atLeast(GOAL) });
  for (const name of ['build', 'log']) {
    const rates = rounds.map((views) => rateOf(views.filter((view) => view.name === name)));
    b.metric({ name: `rebuild_events of ${name}`, value: median(rates), unit });
  }
  if (postgresBinaries() !== undefined) {
    b.progress('rebuilding all views on PostgreSQL');
    const postgres = await startPostgres();
    const onPostgres = await rebuild(server.url, postgres.url, appended);
    b.metric({ name: 'rebuild_events on PostgreSQL', value: rateOf(onPostgres), unit });
    await postgres.stop();
  }
  await server.stop();
});

/** Answers how many events there are. */
async function fill(store: EventStore): Promise<number> {
  const ofBuild = (number: number): readonly History[] => [
    buildHistory(number, { steps: 5, lost: number % 4 === 0 ? 1 : 0 }),
    logHistory(number, LOG),
  ];
  const perBuild = countOf([1, 2, 3, 4].flatMap(ofBuild)) / 4;
  const few = [userHistory('alice'), repositoryHistory('alice', 'app')];
  let appended = 0;
  const append = async (histories: readonly History[]): Promise<void> => {
    for (const { stream, events } of histories) await store.append(stream, events, 'any');
    appended += countOf(histories);
  };
  await append(few);
  await inParallel(32, Math.ceil((EVENTS - appended) / perBuild), (number) => append(ofBuild(number)));
  return appended;
}

function countOf(histories: readonly History[]): number {
  return histories.reduce((sum, { events }) => sum + events.length, 0);
}

interface Rebuilt {
  readonly name: string;
  readonly events: number;
  readonly eventsPerS: number;
}

/** Events over the time they took, without the start of the process. */
function rateOf(views: readonly Rebuilt[]): number {
  const busy = views.filter(({ events }) => events > 0); // a view of nothing takes no time to speak of
  const seconds = busy.reduce((sum, { events, eventsPerS }) => sum + events / eventsPerS, 0);
  return busy.reduce((sum, { events }) => sum + events, 0) / seconds;
}

/** Runs the command as a person would, and takes its word for the time of each view. */
async function rebuild(eventStoreUrl: string, databaseUrl: string, expected: number): Promise<readonly Rebuilt[]> {
  const child = spawn(process.execPath, ['--import', hook, app, 'rebuild'], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: { ...process.env, EVENTSTORE_URL: eventStoreUrl, DATABASE_URL: databaseUrl },
  });
  const views: Rebuilt[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    const [, name, events, eventsPerS] = /^(\w+): (\d+) events, (\d+) events\/s, in use/.exec(line) ?? [];
    if (name !== undefined) views.push({ name, events: Number(events), eventsPerS: Number(eventsPerS) });
  }
  const total = views.reduce((sum, { events }) => sum + events, 0);
  if (total !== expected) throw new Error(`Rebuilt from ${total} events of ${expected}`);
  return views;
}
