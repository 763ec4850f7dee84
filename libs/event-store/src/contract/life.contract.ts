import type { EventStore } from '../port.js';
import { newEvents, uniqueName } from './port.fixtures.js';

/** What the port promises about a store's end. `open` gives one that nobody else uses. */
export function lifeContract(open: () => EventStore): void {
  it('answers a ping until it is closed', async () => {
    const store = open();
    await store.ping();
    await store.close();
    await store.close();
    await expect(store.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.read(uniqueName())).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.append(uniqueName(), newEvents(1), 'any')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('ends its subscriptions when it is closed', async () => {
    const store = open();
    const { position } = await store.append(uniqueName(), newEvents(1), -1);
    const options = { after: position, prefixes: [uniqueName()], signal: new AbortController().signal };
    for await (const { kind } of store.subscribeAll(options)) if (kind === 'caught-up') await store.close();
  });
}
