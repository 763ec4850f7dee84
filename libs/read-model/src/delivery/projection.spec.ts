import type { DeliveryEvent } from '@slipway/contracts';
import { buildIdOf, givenRowsOf, instant } from '../fixtures/index.js';
import { deliveryProjection } from './projection.js';
import type { DeliveryRow } from './table.js';
import { deliveryView, replayView } from './view.js';

const given = givenRowsOf(deliveryProjection);
const [first, again] = [buildIdOf(90), buildIdOf(91)];
const commit = 'a'.repeat(40);
const change = { refType: 'branch', refName: 'main', commit } as const;

const received: DeliveryEvent = {
  type: 'DeliveryReceived',
  data: {
    code: 'c'.repeat(32),
    namespace: 'alice',
    repoName: 'app',
    configId: 3,
    client: 'GitHub',
    deliveryId: 'd1',
    runId: first,
    event: 'push',
    digest: 'd'.repeat(64),
    changes: [change],
    note: null,
    mustConfirm: false,
    at: instant(0),
  },
};
const matched = (runId = first): DeliveryEvent => ({
  type: 'DeliveryMatched',
  data: {
    ...change,
    runId,
    tagConfigId: 4,
    dockerRepoTag: 'latest',
    imageTag: 'latest',
    buildId: buildIdOf(1),
    at: instant(1),
  },
});
const refused: DeliveryEvent = {
  type: 'DeliverySkipped',
  data: {
    ...change,
    runId: first,
    tagConfigId: 4,
    why: 'BUILD_REFUSED',
    detail: 'X',
    buildId: buildIdOf(1),
    at: instant(2),
  },
};
const delayed: DeliveryEvent = {
  type: 'DeliveryDelayed',
  data: { runId: first, why: 'QUOTA_EXCEEDED', at: instant(2) },
};
const completed = (runId = first): DeliveryEvent => ({ type: 'DeliveryCompleted', data: { runId, at: instant(3) } });
const replayed: DeliveryEvent = { type: 'DeliveryReplayed', data: { runId: again, by: 'bob', at: instant(4) } };

describe('the row of a delivery', () => {
  it('waits until its builds are requested, and says for what', () => {
    given().when(received).then({ status: 'waiting', matched: [], waiting_for: null, position: 1 });
    given(received, matched())
      .when(delayed)
      .then({
        status: 'waiting',
        waiting_for: 'quota_exceeded',
        matched: [
          { ref: 'refs/heads/main', commit, tag_config_id: 4, docker_repo_tag: 'latest', build_id: buildIdOf(1) },
        ],
      });
    given(received, matched(), delayed).when(completed()).then({ status: 'done', waiting_for: null });
  });

  it('does not name a build that was refused', () =>
    given(received, matched())
      .when(refused)
      .then({
        matched: [],
        skipped: [{ ref: 'refs/heads/main', why: 'BUILD_REFUSED', text: 'The build was asked for and refused. (X)' }],
      }));

  it('tells of the latest run alone', () => {
    given(received, matched(), completed()).when(replayed).then({ status: 'waiting', matched: [], replays: 1 });
    given(received, matched(), completed(), replayed).when(completed(first)).then({ status: 'waiting' });
  });

  it('is shown with its refs as git words them; a dry run names no builds', () => {
    const row = [received, matched()].reduce<DeliveryRow | undefined>(
      (folded, event, position) => deliveryProjection.evolve(folded, { event, position }),
      undefined,
    );
    expect(row && deliveryView(row)).toMatchObject({
      id: 'd1',
      refs: [{ ref: 'refs/heads/main', type: 'branch', commit }],
      builds: [buildIdOf(1)],
    });
    expect(row && replayView(row, true)).toMatchObject({
      dry_run: true,
      builds: [],
      matched: [{ docker_repo_tag: 'latest' }],
    });
  });
});
