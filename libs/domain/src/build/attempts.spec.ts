import type { BuildEvent, FailureCode } from '@slipway/contracts';
import { specify } from '@slipway/testing';
import { agentsThatGaveUp, exhausted } from './attempts.js';
import { build } from './build.js';
import {
  cancelled,
  cancelRequested,
  claim,
  engineGone,
  failed,
  givenBack,
  leased,
  lost,
  pushed,
  recordFailure,
  recordSuccess,
  requested,
} from './build.fixtures.js';

const given = specify(build);
const lostOf = (...events: readonly BuildEvent[]) => {
  const state = events.reduce(build.evolve, build.initial);
  return state.phase === 'absent' ? [] : state.lost;
};

describe('an attempt whose agent cannot go on', () => {
  it('is given back, with the reason', () =>
    given(requested(), leased(1)).when(recordFailure(1, engineGone)).then(givenBack(1)));

  it('is given back also after its push: the next one pushes anew', () =>
    given(requested(), leased(1), pushed(1)).when(recordFailure(1, engineGone)).then(givenBack(1)));

  it('is followed by the next one at once', () =>
    given(requested(), leased(1), givenBack(1)).when(claim(2)).then(leased(2)));

  it('has nothing more to say', () => {
    const after = given(requested(), leased(1), givenBack(1));
    after.when(recordFailure(1, engineGone)).thenRejects('LEASE_STALE');
    after.when(recordSuccess(1)).thenRejects('LEASE_STALE');
  });

  it('ends the build when it was the third, which tells what became of each', () => {
    const threeLeases = [requested(), leased(1), givenBack(1), leased(2), lost(2), leased(3)];
    const failure = exhausted(lostOf(...threeLeases, givenBack(3)));
    expect(failure).toMatchObject({
      code: 'ATTEMPTS_EXHAUSTED',
      message:
        '3 attempts failed. attempt 1 on agent-1: ENGINE_UNAVAILABLE: no answer; ' +
        'attempt 2 on agent-2: the lease ran out; attempt 3 on agent-3: ENGINE_UNAVAILABLE: no answer',
    });
    given(...threeLeases)
      .when(recordFailure(3, engineGone))
      .then(givenBack(3), failed(3, failure));
  });

  it('does not count when its agent was stopped: the build may be lost three times besides', () => {
    const stopped = { ...engineGone, code: 'AGENT_STOPPING' as const, message: 'the agent is taken out of service' };
    const handedBack = (attempt: number): BuildEvent => ({
      type: 'AttemptLost',
      data: { ...givenBack(attempt).data, why: `${stopped.code}: ${stopped.message}`, failure: stopped },
    });
    const before = [1, 2, 3].flatMap((attempt) => [leased(attempt), handedBack(attempt)]);
    given(requested(), ...before, leased(4))
      .when(recordFailure(4, stopped))
      .then(handedBack(4));
    given(requested(), ...before)
      .when(claim(4))
      .then(leased(4));
    const twoLost = [leased(4), lost(4), leased(5), lost(5), leased(6)];
    given(requested(), ...before, leased(4), lost(4), leased(5))
      .when(recordFailure(5, engineGone))
      .then(givenBack(5));
    const failure = exhausted(lostOf(requested(), ...before, ...twoLost, givenBack(6)));
    given(requested(), ...before, ...twoLost)
      .when(recordFailure(6, engineGone))
      .then(givenBack(6), failed(6, failure));
    expect([...agentsThatGaveUp(lostOf(requested(), ...before))]).toEqual([]); // back, they may take it again
  });

  it('ends a build that is being cancelled', () =>
    given(requested(), leased(1), cancelRequested()).when(recordFailure(1, engineGone)).then(cancelled(1)));

  it.each<FailureCode>(['DOCKERFILE_STEP_FAILED', 'SOURCE_REF_NOT_FOUND', 'PUSH_FAILED', 'BUILD_TIMEOUT'])(
    'is another case than %s, which is the end of the build',
    (code) => {
      const failure = { ...engineGone, code };
      given(requested(), leased(1)).when(recordFailure(1, failure)).then(failed(1, failure));
    },
  );

  it('is remembered of its agent; an agent that fell silent may have been unlucky', () => {
    expect([...agentsThatGaveUp(lostOf(requested(), leased(1), lost(1), leased(2), givenBack(2)))]).toEqual([
      'agent-2',
    ]);
  });
});
