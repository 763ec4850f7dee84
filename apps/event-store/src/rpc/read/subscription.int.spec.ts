import { END, START, eventTypeFilter, excludeSystemEvents, streamNameFilter } from '@eventstore/db-client';
import { ServerFixture, event, eventually, events, failure, record } from '../server.fixtures.js';

const server = new ServerFixture();
beforeAll(() => server.start());
afterAll(() => server.remove());
const append = (stream: string, count = 1) => server.client.appendToStream(stream, events(count));

describe('a subscription', () => {
  it('to a stream gives the past, says that it caught up, and goes on', async () => {
    await append('past', 2);
    const subscription = server.client.subscribeToStream('past', { fromRevision: START });
    const said = record(subscription as never);
    await eventually(() => said.includes('caught-up'));
    await append('other');
    await append('past');
    await eventually(() => said.length === 5);
    expect(said).toEqual(['confirmed', 'past@0', 'past@1', 'caught-up', 'past@2']);
    await subscription.unsubscribe();
  });

  it('to a stream that does not exist yet gives its first event', async () => {
    const subscription = server.client.subscribeToStream('future', { fromRevision: END });
    const said = record(subscription as never);
    await eventually(() => said.includes('caught-up'));
    await append('future');
    await eventually(() => said.includes('future@0'));
    await subscription.unsubscribe();
  });

  it('to a stream that is tombstoned ends in an error', async () => {
    await append('doomed');
    const subscription = server.client.subscribeToStream('doomed', { fromRevision: START });
    const said = record(subscription as never);
    await eventually(() => said.includes('caught-up'));
    await server.client.tombstoneStream('doomed');
    await eventually(() => said.includes('error stream-deleted'));
  });

  it.each([
    ['a prefix of the stream name', streamNameFilter({ prefixes: ['f-a', 'f-c'] }), ['f-a@0', 'f-c@0']],
    ['a regex on the stream name', streamNameFilter({ regex: '^f-[ab]$' }), ['f-a@0', 'f-b@0']],
    ['a prefix of the event type', eventTypeFilter({ prefixes: ['Lease'] }), ['f-b@0']],
    ['a regex on the event type', eventTypeFilter({ regex: 'Lost$' }), ['f-b@0']],
  ])('to $all filtered by %s gives what matches, past and new', async (_, filter, expected) => {
    const position = (await append('marker')).position;
    const publish = async () => {
      await server.client.appendToStream('f-a', event());
      await server.client.appendToStream('f-b', event(0, 'LeaseLost'));
      await server.client.appendToStream('f-c', event());
    };
    await publish();
    const subscription = server.client.subscribeToAll({ fromPosition: position ?? START, filter });
    const said = record(subscription, (stream) => `${stream}@0`);
    await eventually(() => said.includes('caught-up'));
    await publish();
    await eventually(() => said.length === 2 + 2 * expected.length);
    expect(said).toEqual(['confirmed', ...expected, 'caught-up', ...expected]);
    await subscription.unsubscribe();
  });

  it('tells how far it has got although nothing matches', async () => {
    const checkpoints: bigint[] = [];
    const filter = streamNameFilter({
      prefixes: ['no such stream'],
      maxSearchWindow: 10,
      checkpointInterval: 2,
      checkpointReached: async (_, { commit }) => void checkpoints.push(commit),
    });
    const from = (await append('unmatched', 50)).position;
    const subscription = server.client.subscribeToAll({ fromPosition: from ?? START, filter });
    const said = record(subscription);
    await eventually(() => said.includes('caught-up'));
    const last = (await append('unmatched', 45)).position?.commit ?? 0n;
    await eventually(() => (checkpoints.at(-1) ?? 0n) >= last - 20n);
    const steps = checkpoints.map((position, index) => position - (checkpoints[index - 1] ?? from?.commit ?? 0n));
    expect(steps.filter((step) => step > 20n || step < 0n)).toEqual([]);
    await subscription.unsubscribe();
  });

  it('misses nothing and repeats nothing while others write', async () => {
    const from = (await append('start-of-race')).position;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let index = 0; index < 60; index++) await append(`race-${writer}`);
    });
    const readers = Array.from({ length: 4 }, async (_, reader) => {
      await new Promise((resolve) => setTimeout(resolve, reader * 15));
      const filter = streamNameFilter({ prefixes: ['race-'] });
      const subscription = server.client.subscribeToAll({ fromPosition: from ?? START, filter });
      const said = record(subscription);
      await eventually(() => said.length >= 8 * 60 + 2);
      await subscription.unsubscribe();
      return said.filter((word) => word.startsWith('race-'));
    });
    await Promise.all(writers);
    for (const seen of await Promise.all(readers)) {
      const inOrder = (writer: number) => seen.filter((word) => word.startsWith(`race-${writer}@`));
      for (let writer = 0; writer < 8; writer++)
        expect(inOrder(writer)).toEqual(Array.from({ length: 60 }, (_, index) => `race-${writer}@${index}`));
    }
  }, 60_000);

  it('that reads too slowly gets the rest from the disk, complete and in order', async () => {
    const subscription = server.client.subscribeToAll({ fromPosition: END, filter: excludeSystemEvents() });
    const said = record(subscription);
    await eventually(() => said.includes('caught-up'));
    subscription.pause();
    for (let index = 0; index < 12; index++)
      await server.client.appendToStream(
        'flood',
        events(500).map((each) => ({ ...each, data: { filler: 'x'.repeat(200) } })),
      );
    subscription.resume();
    await eventually(() => said.includes('flood@5999'));
    expect(said).toContain('fell-behind');
    expect(said.lastIndexOf('caught-up')).toBeGreaterThan(said.indexOf('fell-behind'));
    expect(said.filter((word) => word.startsWith('flood@'))).toEqual(
      Array.from({ length: 6_000 }, (_, revision) => `flood@${revision}`),
    );
    await subscription.unsubscribe();
  }, 60_000);

  it('leaves nothing behind when it is cancelled', async () => {
    await eventually(() => server.served.tail.subscriberCount === 0);
    const open = server.served.rpc.openCalls();
    const subscriptions = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0
        ? server.client.subscribeToAll({ fromPosition: START })
        : server.client.subscribeToStream(`cancelled-${index}`, { fromRevision: START }),
    );
    for (const subscription of subscriptions) subscription.on('data', () => {}).on('error', () => {});
    await eventually(() => server.served.tail.subscriberCount === 20);
    expect(server.served.rpc.openCalls()).toBe(open + 20);
    for (const subscription of subscriptions) await subscription.unsubscribe();
    await eventually(() => server.served.tail.subscriberCount === 0);
    expect(server.served.rpc.openCalls()).toBe(open);
  });

  it('is refused with a regex that is none', async () => {
    const subscription = server.client.subscribeToAll({ filter: streamNameFilter({ regex: '(' }) });
    expect(await failure(new Promise((_, reject) => subscription.on('error', reject)))).toMatchObject({ code: 3 });
  });
});

describe('a read', () => {
  it('leaves nothing behind when it is cancelled half-way', async () => {
    await append('long', 2_000);
    const open = server.served.rpc.openCalls();
    const reading = server.client.readAll();
    await new Promise((resolve) => reading.once('data', resolve));
    await reading.cancel();
    await eventually(() => server.served.rpc.openCalls() === open);
  });
});
