import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, type AllStreamSubscription, type JSONEventType } from '@eventstore/db-client';
import { silentLogger } from '@slipway/platform';
import { readServerConfig } from '../config.js';
import { serve, type ServedStore } from '../serve.js';

export const event = (number = 0, type = 'StepAdvanced') => jsonEvent<JSONEventType>({ type, data: { number } });
export const events = (count: number) => Array.from({ length: count }, (_, number) => event(number));

/** A server on a free port and a file of its own, and a client of it. */
export class ServerFixture {
  readonly directory = mkdtempSync(join(tmpdir(), 'slipway-event-store-'));
  served!: ServedStore;
  client!: EventStoreDBClient;

  async start(port = 0): Promise<void> {
    const EVENT_STORE_FILE = join(this.directory, 'events.db');
    this.served = await serve(readServerConfig({ EVENT_STORE_FILE, EVENT_STORE_PORT: String(port) }), silentLogger);
    this.client ??= EventStoreDBClient.connectionString`esdb://127.0.0.1:${this.served.port}?tls=false`;
  }

  async remove(): Promise<void> {
    await this.client.dispose();
    await this.served.stop();
    rmSync(this.directory, { recursive: true });
  }
}

/** Waits until `condition` is true. @throws after ten seconds */
export async function eventually(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within ten seconds: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What a subscription has said, one word a message: `confirmed`, `caught-up`, `fell-behind`, or what `name` makes of an event. */
export function record(
  subscription: Pick<AllStreamSubscription, 'on'>,
  name: (stream: string, revision: bigint) => string = (stream, revision) => `${stream}@${revision}`,
): string[] {
  const said: string[] = [];
  subscription
    .on('confirmation', () => said.push('confirmed'))
    .on('caughtUp', () => said.push('caught-up'))
    .on('fellBehind', () => said.push('fell-behind'))
    .on('error', (error) => said.push(`error ${'type' in error ? String(error.type) : error.message}`))
    .on('data', ({ event: received }) => {
      if (received) said.push(name(received.streamId, received.revision));
    });
  return said;
}

export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
