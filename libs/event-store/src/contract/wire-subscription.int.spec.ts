import {
  END,
  eventTypeFilter,
  START,
  streamNameFilter,
  type AllStreamSubscription,
  type Filter,
  type Position,
  type StreamSubscription,
} from '@eventstore/db-client';
import { until } from '@slipway/testing';
import { uniqueName } from './port.fixtures.js';
import { wire, wireEvent, wireEvents } from './wire.fixtures.js';

type Subscription = AllStreamSubscription | StreamSubscription;

const open = new Set<Subscription>();
afterEach(async () => {
  for (const subscription of open) await subscription.unsubscribe();
  open.clear();
});

/** Keeps what a subscription says: revisions by stream, and the words between. */
function heard(subscription: Subscription) {
  open.add(subscription);
  const said: { events: string[]; isCaughtUp: boolean; isConfirmed: boolean; error?: unknown } = {
    events: [],
    isCaughtUp: false,
    isConfirmed: false,
  };
  subscription.on('confirmation', () => (said.isConfirmed = true));
  subscription.on('caughtUp', () => (said.isCaughtUp = true));
  subscription.on('error', (error: unknown) => (said.error = error));
  (subscription as AllStreamSubscription).on('data', ({ event }) => {
    said.events.push(`${event?.streamId}@${String(event?.revision)}`);
  });
  return said;
}

const named = (stream: string, ...revisions: number[]) => revisions.map((revision) => `${stream}@${revision}`);

describe('subscriptions to a stream', () => {
  const to = wire();

  it.each([
    ['the start', START, [0, 1, 2, 3, 4]],
    ['after a revision', 1n, [2, 3, 4]],
    ['the end', END, [3, 4]],
  ] as const)('deliver from %s on, then live', async (_, fromRevision, expected) => {
    const stream = uniqueName();
    await to.client.appendToStream(stream, wireEvents(3));
    const said = heard(to.client.subscribeToStream(stream, { fromRevision }));
    await until(() => said.isCaughtUp);
    expect(said.isConfirmed).toBe(true);
    await to.client.appendToStream(stream, wireEvents(2));
    await until(() => said.events.length === expected.length);
    expect(said.events).toEqual(named(stream, ...expected));
  });

  it('wait for a stream that is not there yet', async () => {
    const stream = uniqueName();
    const said = heard(to.client.subscribeToStream(stream, { fromRevision: START }));
    await until(() => said.isCaughtUp);
    await to.client.appendToStream(uniqueName(), wireEvents(1));
    await to.client.appendToStream(stream, wireEvents(2));
    await until(() => said.events.length === 2);
    expect(said.events).toEqual(named(stream, 0, 1));
  });

  it('end with StreamDeleted when the stream is tombstoned', async () => {
    const stream = uniqueName();
    await to.client.appendToStream(stream, wireEvents(1));
    await to.client.tombstoneStream(stream);
    const said = heard(to.client.subscribeToStream(stream, { fromRevision: START }));
    await until(() => said.error);
    expect(said.error).toMatchObject({ type: 'stream-deleted', streamName: stream });
  });
});

describe('subscriptions to $all', () => {
  const to = wire();
  const here = async (): Promise<Position> => {
    const { position } = await to.client.appendToStream(uniqueName('start'), wireEvents(1));
    if (!position) throw new Error('No position');
    return position;
  };
  const follow = (fromPosition: Position | typeof START | typeof END, filter?: Filter) =>
    heard(to.client.subscribeToAll({ fromPosition, ...(filter && { filter }) }));

  it('deliver every event once and in order, history and live', async () => {
    const after = await here();
    const streams = [uniqueName(), uniqueName(), uniqueName()];
    for (const stream of streams) await to.client.appendToStream(stream, wireEvents(100));
    const said = follow(after);
    await Promise.all(streams.map((stream) => to.client.appendToStream(stream, wireEvents(100))));
    const own = (stream: string) => said.events.filter((name) => name.startsWith(stream));
    await until(() => streams.every((stream) => own(stream).length >= 200));
    for (const stream of streams)
      expect(own(stream)).toEqual(named(stream, ...Array.from({ length: 200 }, (_, revision) => revision)));
  });

  it('begin at the end when asked', async () => {
    const stream = uniqueName();
    await to.client.appendToStream(stream, wireEvents(1));
    const said = follow(END, streamNameFilter({ prefixes: [stream] }));
    await until(() => said.isCaughtUp);
    await to.client.appendToStream(stream, wireEvents(1));
    await until(() => said.events.length === 1);
    expect(said.events).toEqual(named(stream, 1));
  });

  it('filter by stream prefix, stream pattern, type prefix and type pattern', async () => {
    const after = await here();
    const [stream, type] = [uniqueName('filtered'), uniqueName('Typed')];
    await to.client.appendToStream(`${stream}.a`, wireEvent(0, `${type}One`));
    await to.client.appendToStream(`${stream}.b`, wireEvent(0, `${type}Two`));
    await to.client.appendToStream(uniqueName(), wireEvents(5));
    const filters: [Filter, string[]][] = [
      [streamNameFilter({ prefixes: [`${stream}.b`, `${stream}.c`] }), [`${stream}.b@0`]],
      [streamNameFilter({ regex: `^${stream}\\.[a]$` }), [`${stream}.a@0`]],
      [eventTypeFilter({ prefixes: [type] }), [`${stream}.a@0`, `${stream}.b@0`]],
      [eventTypeFilter({ regex: `^${type}T.o$` }), [`${stream}.b@0`]],
    ];
    for (const [filter, expected] of filters) {
      const said = follow(after, filter);
      await until(() => said.isCaughtUp && said.events.length >= expected.length);
      expect(said.events).toEqual(expected);
    }
  });

  it('tell checkpoints when nothing matches, in history and live', async () => {
    const after = await here();
    const checkpoints: bigint[] = [];
    const checkpointReached = async (_: unknown, { commit }: Position): Promise<void> => void checkpoints.push(commit);
    const filter = streamNameFilter({
      prefixes: [uniqueName('nothing')],
      maxSearchWindow: 10,
      checkpointInterval: 2,
      checkpointReached,
    });
    const write = async () => (await to.client.appendToStream(uniqueName(), wireEvents(100))).position?.commit ?? 0n;
    const first = await here();
    const history = await write();
    const said = follow(after, filter);
    await until(() => said.isCaughtUp);
    expect(checkpoints.some((position) => position > first.commit && position <= history)).toBe(true);
    await write();
    await until(() => checkpoints.some((position) => position > history));
    expect(said.events).toEqual([]);
    expect(checkpoints).toEqual([...checkpoints].sort((a, b) => Number(a - b)));
  });

  it('leave nothing out for a reader that pauses', async () => {
    const after = await here();
    const stream = uniqueName();
    const subscription = to.client.subscribeToAll({
      fromPosition: after,
      filter: streamNameFilter({ prefixes: [stream] }),
    });
    const said = heard(subscription);
    await until(() => said.isCaughtUp);
    subscription.pause();
    for (let n = 0; n < 20; n++) await to.client.appendToStream(stream, wireEvents(250));
    subscription.resume();
    await until(() => said.events.length >= 5_000, { limitMs: 20_000 });
    expect(said.events).toEqual(named(stream, ...Array.from({ length: 5_000 }, (_, revision) => revision)));
  }, 30_000);

  it('do not hold up others when they are many', async () => {
    const after = await here();
    const stream = uniqueName();
    const all = Array.from({ length: 30 }, () => follow(after, streamNameFilter({ prefixes: [stream] })));
    await to.client.appendToStream(stream, wireEvents(20));
    await until(() => all.every(({ events }) => events.length === 20), { limitMs: 10_000 });
  }, 15_000);
});
