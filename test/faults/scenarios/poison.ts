import { setTimeout as pause } from 'node:timers/promises';
import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import {
  DeadLetterReplay,
  DeadLetterView,
  encodeLogChunk,
  LOG_CHUNK_HEADER,
  PARTITIONS,
  partitionOf,
  subjects,
} from '@slipway/contracts';
import { connectNats } from '@slipway/messaging';
import { until } from '@slipway/testing';
import { z } from 'zod';
import { assertHappened, isBuiltAndShown, tally, told } from '../lib/builds.js';
import { LONG_LEASE, type FaultHouse } from '../lib/fault-house.js';
import type { Random } from '../lib/random.js';
import type { Scenario } from '../lib/scenario.js';

/** A log line as some builds make it; agents cut it. */
const LONG_LINE_BYTES = 10_000_000;
const LetterPage = z.object({ count: z.int(), next: z.string().nullable(), results: z.array(DeadLetterView) });

export const poison: Scenario = {
  name: 'poison',
  says: 'messages that nobody can take in, in every lane and queue: builds go on, and the messages are kept and replayed',
  run: async ({ random, rounds, open, keep, say }) => {
    const house = await open({
      agents: 2,
      instances: { 'build-orchestrator': 2 },
      env: { '*': LONG_LEASE, 'build-agent': { DUMMY_STEP_MS: '100', DUMMY_LINES: '100', AGENT_SLOTS: '4' } },
    });
    const nats = await keep(connectNats({ url: house.system.urls.nats, name: 'rogue' }));
    const repositories = [await house.createRepository('one'), await house.createRepository('two')];
    const count = rounds({ short: 1, full: 4 });
    let sown: readonly string[] = [];
    await house.load.during(repositories, 3, async () => {
      for (let round = 0; round < count; round++) {
        sown = [...sown, ...(await sow(nats, random))];
        await assertRefused(nats);
        await house.kill('build-orchestrator'); // in the middle of it
        await house.revive('build-orchestrator');
        await pause(random.between(0, 1_000));
        for (const repository of repositories)
          await isBuiltAndShown(house, repository, { what: 'a build among poison' });
      }
    });
    const letters = await keptOf(house, sown);
    await replayAll(house, letters);
    const built = await tally(house);
    say(`${told(built)}; ${sown.length} poisoned messages, ${letters.length} dead letters`);
    assertHappened('nothing was built meanwhile', built.succeeded > count);
    if (built.lost > 0 || built.failed > 0) throw new Error('builds were harmed by messages that were none of theirs');
  },
};

/** Into every lane of reports and of logs, and into the queue. Answers the subjects. */
async function sow(nats: NatsConnection, random: Random): Promise<readonly string[]> {
  const stream = jetstream(nats);
  const put = async (subject: string, body: string | Uint8Array, chunk?: object): Promise<string> => {
    const own = headers();
    if (chunk) own.set(LOG_CHUNK_HEADER, JSON.stringify(chunk));
    await stream.publish(subject, body, { headers: own });
    return subject;
  };
  const strangers = Array.from({ length: PARTITIONS }, (_, partition) => buildIn(partition, random));
  const job = { buildNode: 'in', requestedAt: '2026-01-02T03:04:05.678Z' };
  const [garbled = '', fromTheFuture = '', tooLong = ''] = strangers;
  const lease = { buildId: tooLong, agentId: 'rogue', leaseId: random.uuid(), attempt: 1 };
  const line = { time: 1, level: 'INFO' as const, message: 'x'.repeat(LONG_LINE_BYTES) };
  return Promise.all([
    ...strangers.map((buildId) => put(subjects.event(buildId, 'ended'), '{"type":"ended"}')),
    ...strangers.map((buildId) => put(subjects.log(buildId), new Uint8Array([1, 2, 3]))),
    put(subjects.log(tooLong), encodeLogChunk([line]), { ...lease, firstLine: 1, lines: 1 }),
    put(subjects.queue('in', garbled), 'no JSON'),
    put(subjects.queue('in', fromTheFuture), JSON.stringify({ ...job, buildId: fromTheFuture, version: 99 })),
  ]);
}

function buildIn(partition: number, random: Random): string {
  for (;;) {
    const buildId = random.uuid();
    if (partitionOf(buildId) === partition) return buildId;
  }
}

/** What is larger than NATS allows does not even get in. */
async function assertRefused(nats: NatsConnection): Promise<void> {
  const wasTaken = await jetstream(nats)
    .publish(subjects.log('5709f780-e8fb-4b52-aa3b-6256b572fb51'), new Uint8Array(LONG_LINE_BYTES))
    .then(
      () => true,
      () => false,
    );
  assertHappened('a message of 10 MB was taken', !wasTaken);
}

type Letter = z.infer<typeof DeadLetterView>;

/** Each of these is kept; waits for the last one. @throws when one is missing, or one is there that nobody sowed */
async function keptOf(house: FaultHouse, sown: readonly string[]): Promise<readonly Letter[]> {
  const wanted = sown.toSorted();
  let found: readonly string[] = [];
  let letters: readonly Letter[] = [];
  const look = async (): Promise<boolean> => {
    letters = await listed(house);
    found = letters.map(({ subject }) => subject).toSorted();
    return JSON.stringify(found) === JSON.stringify(wanted);
  };
  await until(look, { limitMs: 60_000, everyMs: 500, what: 'the dead letters' }).catch((cause: unknown) => {
    throw new Error(`${found.length} dead letters of ${wanted.length} poisoned messages`, { cause });
  });
  return letters;
}

async function listed({ client }: FaultHouse): Promise<readonly Letter[]> {
  const letters: Letter[] = [];
  for (let page = 1, isLast = false; !isLast; page++) {
    const { body } = await client.call(`/v1/dead-letters?page=${page}`);
    const { results, next } = LetterPage.parse(body);
    letters.push(...results);
    isLast = next === null;
  }
  return letters;
}

/** Nobody can take them in now either: as many new ones come of it, and none stays that was replayed. */
async function replayAll(house: FaultHouse, letters: readonly Letter[]): Promise<void> {
  for (const { id, subject } of letters) {
    const { status, body } = await house.client.call(`/v1/dead-letters/${id}/replay`, { method: 'POST' });
    assertHappened(`a replay was answered with ${status}`, status === 200);
    assertHappened('another message was replayed', DeadLetterReplay.parse(body).subject === subject);
  }
  const again = await keptOf(
    house,
    letters.map(({ subject }) => subject),
  );
  const oldest = Math.max(...letters.map(({ id }) => id));
  assertHappened(
    'a dead letter stayed that was replayed',
    again.every(({ id }) => id > oldest),
  );
  for (const { id } of again) {
    const { status } = await house.client.call(`/v1/dead-letters/${id}`, { method: 'DELETE' });
    assertHappened(`a removal was answered with ${status}`, status === 204);
  }
  assertHappened('dead letters stayed that were removed', (await listed(house)).length === 0);
}
