import { BuildEvent, type RecordedEvent } from '@slipway/contracts';
import { z } from 'zod';
import { printedSpec } from '../house/told.fixtures.js';
import { buildEventView } from './build-history.js';

const at = '2026-01-02T03:04:05.678Z';
const recorded = (data: RecordedEvent['event']['data']): RecordedEvent => ({
  number: 0,
  position: 0,
  at,
  actor: 'alauda',
  causationId: 'c',
  correlationId: 'r',
  event: { type: 'BuildRequested', data },
});

describe('the data of an event, as it is shown', () => {
  it("has the names of the API, and users' own names as they wrote them", () => {
    const agentLabels = { gpuKind: 'A100', 'team/CI': 'Blue', arch: 'arm64' };
    const { data } = buildEventView(recorded({ buildId: 'b', at, spec: printedSpec({ agentLabels }) }));
    expect(data['spec']).toMatchObject({ build_node: expect.any(String), agent_labels: agentLabels });
  });

  it('keeps the keys of every map that an event may hold', () => {
    const maps = mapsIn(z.toJSONSchema(BuildEvent, { unrepresentable: 'any' }));
    expect(maps).toContain('agentLabels');
    for (const name of maps)
      expect(Object.values(buildEventView(recorded({ [name]: { ownName: 1 } })).data)).toEqual([{ ownName: 1 }]);
  });
});

/** Names of the properties whose keys a schema leaves open. */
const mapsIn = (schema: unknown): readonly string[] =>
  typeof schema !== 'object' || schema === null
    ? []
    : Object.entries(schema).flatMap(([name, part]) => [...(isMap(part) ? [name] : []), ...mapsIn(part)]);

const isMap = (schema: unknown): boolean => typeof schema === 'object' && schema !== null && 'propertyNames' in schema;
