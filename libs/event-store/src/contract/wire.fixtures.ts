import { EventStoreDBClient, jsonEvent, type JSONEventData, type ResolvedEvent } from '@eventstore/db-client';
import { serverUnderTest } from './server-under-test.js';

export interface Wire {
  /** The unmodified client on the server under test; there after `beforeAll`. */
  readonly client: EventStoreDBClient;
}

/** Registers start and stop of the server under test, and a client on it. */
export function wire(): Wire {
  let client: EventStoreDBClient | undefined;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const server = await serverUnderTest();
    stop = server.stop;
    client = EventStoreDBClient.connectionString(server.url);
  }, 30_000);
  afterAll(async () => {
    await client?.dispose();
    await stop();
  }, 15_000);
  return {
    get client() {
      if (!client) throw new Error('The client is there from beforeAll on');
      return client;
    },
  };
}

export const wireEvent = (n = 0, type = 'wire'): JSONEventData =>
  jsonEvent({ type, data: { n }, metadata: { of: 'test' } });

export const wireEvents = (count: number): JSONEventData[] => Array.from({ length: count }, (_, n) => wireEvent(n));

export async function all<T>(reading: AsyncIterable<T>): Promise<readonly T[]> {
  const read: T[] = [];
  for await (const item of reading) read.push(item);
  return read;
}

export const revisionsOf = (events: readonly ResolvedEvent[]): readonly number[] =>
  events.map(({ event }) => Number(event?.revision));

/** The error a call fails with; a call that succeeds fails the test. */
export async function errorOf(call: Promise<unknown>): Promise<Readonly<Record<string, unknown>>> {
  return call.then(
    (value) => {
      throw new Error(`Succeeded with ${String(value)}`);
    },
    (error: unknown) => error as Readonly<Record<string, unknown>>,
  );
}
