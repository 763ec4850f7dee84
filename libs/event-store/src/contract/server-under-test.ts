import { startEventStoreServer } from '@slipway/testing';

export interface ServerUnderTest {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * `EVENTSTORE_URL` puts a server that runs already to the contract, for example a real EventStoreDB or KurrentDB; else
 * the embedded one is started. The suites never assume an empty store, and name their streams anew each time.
 */
export async function serverUnderTest(): Promise<ServerUnderTest> {
  const url = process.env['EVENTSTORE_URL'];
  return url ? { url, stop: async () => {} } : startEventStoreServer();
}
