import { createMemoryEventStore } from '../memory/memory-event-store.js';
import { eventStoreContract } from './event-store.contract.js';

describe('event store in memory', () => eventStoreContract(() => createMemoryEventStore()));
