import type { DeliveryEvent, DeliveryEventOf } from '@slipway/contracts';
import { specify } from '@slipway/testing';
import { delivery, skippedRef, type DeliveryCommand } from './delivery.js';
import { COMMIT } from './payloads.fixtures.js';

const given = specify(delivery);
const at = '2026-11-26T10:00:00.000Z';
const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
const [first, again, buildId] = [id(1), id(2), id(3)];
const change = { refType: 'branch', refName: 'main', commit: COMMIT } as const;

const data: DeliveryEventOf<'DeliveryReceived'>['data'] = {
  code: 'c'.repeat(32),
  namespace: 'alice',
  repoName: 'hello',
  configId: 1,
  client: 'GitHub',
  deliveryId: 'd1',
  runId: first,
  event: 'push',
  digest: 'a'.repeat(64),
  changes: [change],
  note: null,
  mustConfirm: false,
  at,
};
const build = { ...change, tagConfigId: 4, dockerRepoTag: 'latest', imageTag: 'latest', buildId };
const received: DeliveryEvent = { type: 'DeliveryReceived', data };
const matched = (runId = first): DeliveryEvent => ({ type: 'DeliveryMatched', data: { ...build, runId, at } });
const delayed: DeliveryEvent = { type: 'DeliveryDelayed', data: { runId: first, why: 'QUOTA_EXCEEDED', at } };
const completed = (runId = first): DeliveryEvent => ({ type: 'DeliveryCompleted', data: { runId, at } });
const replayed: DeliveryEvent = { type: 'DeliveryReplayed', data: { runId: again, by: 'bob', at } };
const noRule: DeliveryEvent = {
  type: 'DeliverySkipped',
  data: { ...change, tagConfigId: null, why: 'NO_RULE', runId: first, at },
};

const receive = (digest = data.digest): DeliveryCommand => ({ type: 'ReceiveDelivery', data: { ...data, digest } });
const decide = (runId = first): DeliveryCommand => ({
  type: 'DecideDelivery',
  data: { runId, builds: [build], skipped: [], at },
});
const delay: DeliveryCommand = { type: 'DelayDelivery', data: { runId: first, why: 'QUOTA_EXCEEDED', at } };
const complete = (...codes: 'TAG_CONFIG_NOT_FOUND'[]): DeliveryCommand => ({
  type: 'CompleteDelivery',
  data: { runId: first, refused: codes.map((code) => ({ buildId, code })), at },
});
const replay = (runId = again): DeliveryCommand => ({ type: 'ReplayDelivery', data: { runId, by: 'bob', at } });

describe('a delivery', () => {
  it('is received once, however often it comes', () => {
    given().when(receive()).then(received);
    given(received, matched(), completed()).when(receive()).thenNothing();
  });

  it('is not another with the same id', () =>
    given(received)
      .when(receive('b'.repeat(64)))
      .thenRejects('DELIVERY_CONFLICT'));

  it('is decided once: what is decided stays, whatever the tag configs say later', () => {
    given(received).when(decide()).then(matched());
    given(received, matched()).when(decide()).thenNothing();
  });

  it('is over at once when no build comes of it', () => {
    const skipped = { ...change, tagConfigId: null, why: 'NO_RULE' as const };
    given(received)
      .when({ type: 'DecideDelivery', data: { runId: first, builds: [], skipped: [skipped], at } })
      .then(noRule, completed());
  });

  it('says once what is in its way', () => {
    given(received, matched()).when(delay).then(delayed);
    given(received, matched(), delayed).when(delay).thenNothing();
    given(received, matched(), completed()).when(delay).thenNothing();
  });

  it('is complete once its builds are requested; one that is refused is said to be', () => {
    given(received, matched()).when(complete()).then(completed());
    given(received, matched())
      .when(complete('TAG_CONFIG_NOT_FOUND'))
      .then(
        {
          type: 'DeliverySkipped',
          data: {
            ...change,
            runId: first,
            tagConfigId: 4,
            why: 'BUILD_REFUSED',
            detail: 'TAG_CONFIG_NOT_FOUND',
            buildId,
            at,
          },
        },
        completed(),
      );
    given(received, matched(), completed()).when(complete()).thenNothing();
    given(received).when(complete()).thenNothing();
  });

  it('is looked at again when somebody wants it, but not before it is complete', () => {
    given(received, matched(), completed()).when(replay()).then(replayed);
    given(received, matched()).when(replay()).thenRejects('DELIVERY_UNFINISHED');
    given(received, noRule, completed(), replayed).when(replay()).thenNothing();
    given(received, noRule, completed(), replayed).when(decide(again)).then(matched(again));
    given(received, noRule, completed(), replayed).when(decide()).thenNothing();
    given().when(replay()).thenRejects('DELIVERY_NOT_FOUND');
  });

  it('says of a build that was refused that it is none', () => {
    const refused = specifyState([
      received,
      matched(),
      ...delivery.decide(complete('TAG_CONFIG_NOT_FOUND'), specifyState([received, matched()])),
    ]);
    expect(refused).toMatchObject({ run: { stage: 'done', builds: [], skipped: [{ why: 'BUILD_REFUSED' }] } });
  });

  it('can be skipped as a whole', () =>
    expect(skippedRef(null, 'PING')).toEqual({
      refType: null,
      refName: null,
      commit: null,
      tagConfigId: null,
      why: 'PING',
    }));
});

const specifyState = (events: readonly DeliveryEvent[]) => events.reduce(delivery.evolve, delivery.initial);
