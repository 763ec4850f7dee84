import type { EventStore } from '../port.js';
import { appendContract } from './append.contract.js';
import { lifeContract } from './life.contract.js';
import { readContract } from './read.contract.js';
import { subscribeContract } from './subscribe.contract.js';

/** Everything `EventStore` promises, for one implementation of it. `open` is called after `beforeAll`. */
export function eventStoreContract(open: () => EventStore): void {
  let store: EventStore;
  beforeAll(() => {
    store = open();
  });
  afterAll(() => store.close());

  describe('append', () => appendContract(() => store));
  describe('read', () => readContract(() => store));
  describe('subscribeAll', () => subscribeContract(() => store));
  describe('close', () => lifeContract(open));
}
