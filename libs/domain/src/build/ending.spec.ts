import { specify } from '@slipway/testing';
import { build } from './build.js';
import {
  advanced,
  cancel,
  cancelled,
  cancelRequested,
  claim,
  failed,
  leased,
  lost,
  pushed,
  recordCancelled,
  recordFailure,
  recordPush,
  recordSource,
  recordStep,
  recordSuccess,
  remove,
  removed,
  requested,
  resolved,
  succeeded,
  tagged,
} from './build.fixtures.js';

const given = specify(build);
const running = [requested(), leased(1), resolved(1), advanced(1)];
const cancelling = [...running, cancelRequested()];

describe('cancelling a build', () => {
  it('ends one that waits at once', () => {
    given(requested()).when(cancel()).then(cancelled(0));
    given(requested(), leased(1), lost(1)).when(cancel()).then(cancelled(1));
  });

  it('asks the agent of one that runs, once', () => {
    given(...running)
      .when(cancel())
      .then(cancelRequested());
    given(...cancelling)
      .when(cancel('bob'))
      .thenNothing();
  });

  it('comes too late once the image is recorded: its tags may be moving', () => {
    given(...running, pushed(1))
      .when(cancel())
      .thenRejects('BUILD_PUBLISHING');
    given(...running, pushed(1), tagged(1))
      .when(cancel())
      .thenRejects('BUILD_PUBLISHING');
  });

  it('is possible again when the agent that published was lost', () =>
    given(...running, pushed(1), lost(1))
      .when(cancel())
      .then(cancelled(1)));

  it('does nothing to a build that ended meanwhile', () => {
    given(...running, pushed(1), tagged(1), succeeded(1))
      .when(cancel())
      .thenNothing();
    given(...running, failed(1))
      .when(cancel())
      .thenNothing();
    given(...cancelling, cancelled(1))
      .when(cancel())
      .thenNothing();
  });

  it('knows only builds that are there', () => given().when(cancel()).thenRejects('BUILD_NOT_FOUND'));
});

describe('a build that is being cancelled', () => {
  it('publishes nothing', () =>
    given(...cancelling)
      .when(recordPush(1))
      .thenRejects('BUILD_CANCELLING'));

  it.each([
    ['a source', recordSource(1)],
    ['a step', recordStep(1, 30)],
  ])('is not told of %s any more', (_, command) =>
    given(...cancelling)
      .when(command)
      .thenNothing(),
  );

  it.each([
    ['that it stopped', recordCancelled(1)],
    ['failure', recordFailure(1)],
    ['success', recordSuccess(1)],
  ])('is cancelled when its agent reports %s', (_, command) =>
    given(...cancelling)
      .when(command)
      .then(cancelled(1)),
  );

  it('is not ended by an agent that lost it', () =>
    given(requested(), leased(1), lost(1), leased(2), cancelRequested())
      .when(recordCancelled(1))
      .thenRejects('LEASE_STALE'));

  it('is cancelled, not tried again, when its agent is lost', () =>
    given(...cancelling)
      .when(claim(2))
      .then(lost(1), cancelled(1)));

  it('stays leased to the agent that repeats its claim', () =>
    given(...cancelling)
      .when(claim(1))
      .thenNothing());

  it('ends once', () => {
    given(...cancelling, cancelled(1))
      .when(recordCancelled(1))
      .thenNothing();
    given(...cancelling, cancelled(1))
      .when(claim(2))
      .thenRejects('BUILD_CLOSED');
    given(...cancelling, cancelled(1))
      .when(recordPush(1))
      .thenRejects('BUILD_CLOSED');
  });
});

describe('an agent', () => {
  it('cannot cancel what nobody asked to cancel', () =>
    given(...running)
      .when(recordCancelled(1))
      .thenRejects('MESSAGE_INVALID'));
});

describe('removing a build', () => {
  it.each([
    ['succeeded', [...running, pushed(1), tagged(1), succeeded(1)]],
    ['failed', [...running, failed(1)]],
    ['was cancelled', [requested(), cancelled(0)]],
  ])('that %s is recorded once', (_, events) => {
    given(...events)
      .when(remove())
      .then(removed());
    given(...events, removed())
      .when(remove('bob'))
      .thenNothing();
  });

  it('ends it first when it is open after all', () => {
    given(requested()).when(remove()).then(cancelled(0));
    given(...running)
      .when(remove())
      .then(cancelRequested());
  });
});
