import { specify } from '@slipway/testing';
import { sameLabels } from './agent-labels.js';
import { repository } from './repository.js';
import { configure, configured, created, keyIssued } from './repository.fixtures.js';

const given = specify(repository);
const byBob = { changedBy: 'bob' };
const arm = { arch: 'arm64' };

describe('the labels that a build config asks of agents', () => {
  it('are those that are said from now on, and stay when nothing is said of them', () => {
    const before = [created(), configured(), keyIssued()];
    given(...before)
      .when(configure({ agentLabels: arm }))
      .then(configured({ ...byBob, agentLabels: arm }));
    given(created(), configured({ agentLabels: arm }), keyIssued())
      .when(configure({ buildNode: 'cn' }))
      .then(configured({ ...byBob, buildNode: 'cn', agentLabels: arm }));
  });

  it('are none after an empty set, and the same again changes nothing', () => {
    given(created(), configured({ agentLabels: arm }), keyIssued())
      .when(configure({ agentLabels: {} }))
      .then(configured(byBob));
    given(created(), configured({ agentLabels: arm }), keyIssued())
      .when(configure({ agentLabels: { arch: 'arm64' } }))
      .thenNothing();
  });

  it('are compared whatever their order', () => {
    expect(sameLabels({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(true);
    expect(sameLabels({ a: '1' }, { b: '1' })).toBe(false);
    expect(sameLabels({ a: '1' }, { a: '2' })).toBe(false);
    expect(sameLabels(undefined, {})).toBe(true);
  });
});
