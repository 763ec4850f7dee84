import type { BuildEvent, BuildEventOf } from '@slipway/contracts';
import { buildEvents, commit, givenRowsOf, instant } from '../fixtures/index.js';
import { buildProjection } from './projection.js';

const given = givenRowsOf(buildProjection);
const story = buildEvents(1);
const eventOf = <T extends BuildEvent['type']>(type: T, events = story): BuildEventOf<T> =>
  events.find((event): event is BuildEventOf<T> => event.type === type) as BuildEventOf<T>;
const upTo = (type: BuildEvent['type'], events = story): readonly BuildEvent[] =>
  events.slice(0, events.findIndex((event) => event.type === type) + 1);

const requested = eventOf('BuildRequested');
const leased = eventOf('AttemptLeased');
const { buildId } = requested.data;
const lost: BuildEvent = {
  type: 'AttemptLost',
  data: { buildId, attempt: 1, why: 'the lease ran out', at: instant(50) },
};
const leasedAgain: BuildEvent = {
  type: 'AttemptLeased',
  data: { ...leased.data, attempt: 2, agentId: 'agent-2', at: instant(60) },
};
const advanced = (change: Partial<BuildEventOf<'StepAdvanced'>['data']>): BuildEvent => ({
  type: 'StepAdvanced',
  data: { buildId, attempt: 1, stepAt: 30, phase: 'building', step: null, at: instant(40), ...change },
});
const step = (name: string, cached: boolean | null) => ({ index: 1, total: 2, name, cached });

describe('the row of a build', () => {
  it('begins as a request', () =>
    given().when(requested).then({
      position: 1,
      status: 'W',
      state: 'queued',
      step_at: 1,
      attempt: 0,
      detail: 'build request was created.\n',
      started_at: null,
      code_head_commit: null,
      log_lines: null,
    }));

  it('knows the commit that was asked for', () => {
    const spec = { ...requested.data.spec, commit };
    given()
      .when({ ...requested, data: { ...requested.data, spec } })
      .then({ code_head_commit: commit });
  });

  it('is automatic when a webhook asked for it', () => {
    const spec = { ...requested.data.spec, trigger: { kind: 'webhook' as const, deliveryId: 'd' } };
    given()
      .when({ ...requested, data: { ...requested.data, spec } })
      .then({ auto_created: true });
  });

  it('keeps its first request', () => given(requested, leased).when(requested).then({ position: 1, status: 'I' }));

  it('is not made by anything else', () => given().when(leased).thenNoRow());

  it('is in progress from the first lease on', () =>
    given(requested)
      .when(leased)
      .then({
        status: 'I',
        state: 'starting',
        attempt: 1,
        agent: 'agent-1',
        started_at: leased.data.at,
        step_at: 5,
        phases: { starting: leased.data.at },
      }));

  it('stays in progress when an attempt is lost', () =>
    given(requested, leased).when(lost).then({ status: 'I', state: 'starting', agent: null, attempt: 1 }));

  it('begins its phases and steps anew with the next attempt, but never steps back', () =>
    given(requested, leased, advanced({ step: step('[1/2] FROM base', null) }), lost)
      .when(leasedAgain)
      .then({
        attempt: 2,
        agent: 'agent-2',
        started_at: leased.data.at,
        step_at: 30,
        steps: [],
        phases: { starting: instant(60) },
      }));

  it('learns its commit from the agent', () =>
    given(requested, leased).when(eventOf('SourceResolved')).then({ code_head_commit: commit, step_at: 15 }));

  it('shows the phase and when it began', () =>
    given(requested, leased, advanced({}))
      .when(advanced({ at: instant(99) }))
      .then({ state: 'building', step_at: 30, phases: { starting: leased.data.at, building: instant(40) } }));

  it('does not step back when reports cross', () =>
    given(requested, leased, advanced({ stepAt: 40 }))
      .when(advanced({ stepAt: 20 }))
      .then({ step_at: 40 }));

  it('ends a step when it is known whether it was cached', () =>
    given(requested, leased, advanced({ step: step('[1/2] RUN make', null) }))
      .when(advanced({ step: step('[1/2] RUN make', true), at: instant(45) }))
      .then({
        detail: '[1/2] RUN make\n',
        steps: [{ ...step('[1/2] RUN make', true), started_at: instant(40), ended_at: instant(45) }],
      }));

  it('lists steps in the order they began, also when stages run side by side', () =>
    given(
      requested,
      leased,
      advanced({ step: step('[a 1/2] RUN a', null) }),
      advanced({ step: step('[b 1/2] RUN b', null) }),
    )
      .when(advanced({ step: step('[a 1/2] RUN a', false), at: instant(45) }))
      .then({
        steps: [
          { ...step('[a 1/2] RUN a', false), started_at: instant(40), ended_at: instant(45) },
          { ...step('[b 1/2] RUN b', null), started_at: instant(40), ended_at: null },
        ],
      }));

  it('names what was pushed and published', () => {
    const { imageId, digest, size } = eventOf('ImagePushed').data;
    given(...upTo('StepAdvanced'))
      .when(eventOf('ImagePushed'))
      .then({ image_id: imageId, digest, size });
    given(...upTo('ImagePushed'))
      .when(eventOf('TagsMoved'))
      .then({ tags: [{ tag: 'latest', moved: true }], detail: 'tags were published: latest.\n' });
  });

  it('ends well at step 50', () =>
    given(...upTo('TagsMoved'))
      .when(eventOf('BuildSucceeded'))
      .then({
        status: 'S',
        state: 'succeeded',
        step_at: 50,
        log_lines: 4,
        ended_at: eventOf('BuildSucceeded').data.at,
      }));

  it('is superseded when newer builds have all its tags', () => {
    const succeeded = eventOf('BuildSucceeded');
    const tags = [{ tag: 'latest', moved: false }];
    given(...upTo('TagsMoved'))
      .when({ ...succeeded, data: { ...succeeded.data, tags } })
      .then({ status: 'S', state: 'superseded' });
  });

  it('says why it failed, and stops where it was', () => {
    const events = buildEvents(1, { end: 'failed' });
    given(...upTo('StepAdvanced', events))
      .when(eventOf('BuildFailed', events))
      .then({
        status: 'F',
        state: 'failed',
        step_at: 26,
        log_lines: 4,
        detail: 'build failed: exit code 2\n',
        failure: {
          code: 'DOCKERFILE_STEP_FAILED',
          message: 'exit code 2',
          step: null,
          exit_code: 2,
          last_lines: ['no'],
        },
        steps: [expect.objectContaining({ ended_at: eventOf('BuildFailed', events).data.at })],
      });
  });
});

describe('the row of a build that was cancelled', () => {
  const cancelled = buildEvents(1, { end: 'cancelled' });
  const cancelRequested = eventOf('CancelRequested', cancelled);

  it('says that its agent has still to stop, and by whose wish', () =>
    given(...upTo('StepAdvanced'))
      .when(cancelRequested)
      .then({
        status: 'I',
        state: 'cancelling',
        detail: 'bob asked to cancel the build.\n',
        ended_at: null,
      }));

  it('has ended without a result once it stopped', () => {
    const end = eventOf('BuildCancelled', cancelled);
    given(...upTo('StepAdvanced', cancelled), cancelRequested)
      .when(end)
      .then({
        status: 'D',
        state: 'cancelled',
        detail: 'build was cancelled by bob.\n',
        ended_at: end.data.at,
        log_lines: 4,
        failure: null,
      });
  });

  it('may never have begun', () =>
    given(requested)
      .when({ type: 'BuildCancelled', data: { buildId, attempt: 0, by: 'bob', logLines: 0, at: instant(9) } })
      .then({ status: 'D', state: 'cancelled', attempt: 0, started_at: null, ended_at: instant(9) }));
});

describe('the row of a build that was removed', () => {
  it('keeps how it had ended', () =>
    given(...story)
      .when({ type: 'BuildRemoved', data: { buildId, by: 'bob', at: instant(99) } })
      .then({ status: 'D', state: 'succeeded', removed_at: instant(99), detail: 'build was removed by bob.\n' }));
});
