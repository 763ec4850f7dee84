import type { AgentTraits } from '@slipway/contracts';
import { specify } from '@slipway/testing';
import { build } from './build.js';
import {
  advanced,
  claim,
  failed,
  failure,
  leased,
  lost,
  pushed,
  recordFailure,
  recordPush,
  recordSource,
  recordStep,
  recordSuccess,
  recordTags,
  refuseBuild,
  requestBuild,
  requested,
  resolved,
  succeeded,
  tagged,
} from './build.fixtures.js';

const given = specify(build);
const running = [requested(), leased(1)];
const threeLeases = [requested(), leased(1), lost(1), leased(2), lost(2), leased(3)];
const exhausted = failed(3, {
  code: 'ATTEMPTS_EXHAUSTED',
  message:
    '3 attempts failed. attempt 1 on agent-1: the lease ran out; attempt 2 on agent-2: the lease ran out; ' +
    'attempt 3 on agent-3: the lease ran out',
  step: null,
  exitCode: null,
  lastLines: [],
});

describe('a build', () => {
  it('is requested', () => given().when(requestBuild()).then(requested()));

  it('is requested once, however often the client retries', () =>
    given(requested()).when(requestBuild()).thenNothing());

  it('cannot be claimed before it is requested', () => given().when(claim(1)).thenRejects('BUILD_NOT_FOUND'));

  it('is not claimed by whoever has not seen the newest attempt, and may be the same claim again', () => {
    given(requested(), leased(1)).when(claim(2, 0)).thenRejects('LEASE_STALE');
    given(requested(), leased(1), lost(1), leased(2)).when(claim(3, 1)).thenRejects('LEASE_STALE');
    given(requested(), leased(1)).when(claim(1, 0)).thenNothing();
  });

  it('is leased to the agent that claims it', () => given(requested()).when(claim(1)).then(leased(1)));

  it('is leased only to an agent that has its labels, is of its build node, and can hold it to its policy', () => {
    const asks = requested({ agentLabels: { arch: 'arm64' }, networkPolicy: 'proxy' });
    const suited: AgentTraits = { buildNodes: ['in'], labels: { arch: 'arm64' }, networkPolicies: ['none', 'proxy'] };
    const by = (traits: Partial<AgentTraits>) => claim(1, 0, { ...suited, ...traits });
    given(asks).when(by({})).then(leased(1));
    given(asks)
      .when(by({ labels: { arch: 'amd64' } }))
      .thenRejects('AGENT_UNSUITED');
    given(asks)
      .when(by({ buildNodes: ['out'] }))
      .thenRejects('AGENT_UNSUITED');
    given(asks)
      .when(by({ networkPolicies: ['none', 'full'] }))
      .thenRejects('AGENT_UNSUITED');
  });

  it('is not taken from the agent that lost it by one that does not suit', () => {
    const [asks, stranger] = [requested({ buildNode: 'out' }), { buildNodes: ['in'], labels: {}, networkPolicies: [] }];
    given(asks, leased(1))
      .when(claim(2, 1, stranger))
      .thenRejects('AGENT_UNSUITED');
  });

  it('is leased to an agent that does not say what it is: it is of an older version', () =>
    given(requested({ agentLabels: { arch: 'arm64' } }))
      .when(claim(1))
      .then(leased(1)));

  it('gives a redelivered job the next attempt', () =>
    given(...running)
      .when(claim(2))
      .then(lost(1), leased(2)));

  it('stays quiet when the same agent repeats its claim', () =>
    given(...running)
      .when(claim(1))
      .thenNothing());

  it('is not leased under a lease that was lost: that claim was said long ago', () => {
    given(requested(), leased(1), lost(1)).when(claim(1)).thenRejects('LEASE_STALE');
    given(requested(), leased(1), lost(1), leased(2)).when(claim(1)).thenRejects('LEASE_STALE');
  });

  it('fails when the last attempt is lost', () =>
    given(...threeLeases)
      .when(claim(4))
      .then(lost(3), exhausted));

  it('may be refused until an agent has it', () => {
    given(requested()).when(refuseBuild()).then(failed(0));
    given(requested(), leased(1), lost(1)).when(refuseBuild()).then(failed(1));
    given(...running)
      .when(refuseBuild())
      .thenNothing();
    given(requested(), failed(0)).when(refuseBuild()).thenNothing();
    given().when(refuseBuild()).thenRejects('BUILD_NOT_FOUND');
  });

  it('cannot be claimed once it has ended', () =>
    given(...running, failed(1))
      .when(claim(2))
      .thenRejects('BUILD_CLOSED'));
});

describe('a report', () => {
  it('resolves the commit', () =>
    given(...running)
      .when(recordSource(1))
      .then(resolved(1)));

  it('of the commit is recorded once an attempt', () => {
    given(...running, resolved(1))
      .when(recordSource(1))
      .thenNothing();
    given(...running, resolved(1), lost(1), leased(2))
      .when(recordSource(2))
      .then(resolved(2));
  });

  it('advances the step', () =>
    given(...running)
      .when(recordStep(1))
      .then(advanced(1)));

  it('is recorded once', () =>
    given(...running, advanced(1))
      .when(recordStep(1))
      .thenNothing());

  it('of a push is recorded, once', () => {
    given(...running, resolved(1))
      .when(recordPush(1))
      .then(pushed(1));
    given(...running, resolved(1), pushed(1))
      .when(recordPush(1))
      .thenNothing();
  });

  it('of a push brings the commit along when its report is still on its way', () =>
    given(...running)
      .when(recordPush(1))
      .then(resolved(1), pushed(1)));

  it('of moved tags is recorded, once', () => {
    given(...running, pushed(1))
      .when(recordTags(1))
      .then(tagged(1));
    given(...running, pushed(1), tagged(1))
      .when(recordTags(1))
      .thenNothing();
  });

  it('of success closes the build with what was recorded of its image', () =>
    given(...running, pushed(1), tagged(1))
      .when(recordSuccess(1))
      .then(succeeded(1)));

  it('of success is not believed without a recorded push', () =>
    given(...running)
      .when(recordSuccess(1))
      .thenRejects('MESSAGE_INVALID'));

  it('of failure closes the build', () =>
    given(...running)
      .when(recordFailure(1))
      .then(failed(1, failure)));

  it('is quiet when an outcome is reported twice', () => {
    given(...running, pushed(1), tagged(1), succeeded(1))
      .when(recordSuccess(1))
      .thenNothing();
    given(...running, failed(1))
      .when(recordFailure(1))
      .thenNothing();
  });

  it('of a push after the end is refused, even from the last holder', () =>
    given(...running, failed(1))
      .when(recordPush(1))
      .thenRejects('BUILD_CLOSED'));

  it.each([
    ['source', recordSource(1)],
    ['step', recordStep(1)],
    ['push', recordPush(1)],
    ['tags', recordTags(1)],
    ['success', recordSuccess(1)],
    ['failure', recordFailure(1)],
  ])('of %s from an agent that lost its lease is refused', (_, command) => {
    given(requested(), leased(1), lost(1), leased(2)).when(command).thenRejects('LEASE_STALE');
    given(requested(), leased(1), lost(1), leased(2), failed(2)).when(command).thenRejects('LEASE_STALE');
  });
});

describe('step_at', () => {
  it('never goes back, not even in a new attempt', () => {
    const events = [requested(), leased(1), advanced(1, 40), lost(1), leased(2), advanced(2, 20)];
    const state = events.reduce(build.evolve, build.initial);
    expect(state).toMatchObject({ phase: 'running', attempt: 2, stepAt: 40 });
  });

  it('is 50 when the build succeeded', () => {
    const events = [...running, pushed(1), tagged(1), succeeded(1)];
    expect(events.reduce(build.evolve, build.initial)).toMatchObject({ phase: 'done', stepAt: 50 });
  });
});
