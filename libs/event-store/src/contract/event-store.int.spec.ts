import { connectEventStore } from '../client/connect.js';
import { eventStoreContract } from './event-store.contract.js';
import { serverUnderTest, type ServerUnderTest } from './server-under-test.js';

describe('event store over its server', () => {
  let server: ServerUnderTest;
  beforeAll(async () => {
    server = await serverUnderTest();
  }, 30_000);
  afterAll(() => server.stop(), 15_000);

  eventStoreContract(() => connectEventStore({ url: server.url }));
});
