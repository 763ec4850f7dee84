import { SKIP_REASONS, streams, type DeliveryEvent, type DeliveryEventOf } from '@slipway/contracts';
import { fullRefName } from '@slipway/domain';
import type { Projection } from '../views/view.js';
import type { DeliveryRow } from './table.js';

export const deliveryProjection: Projection<DeliveryRow, DeliveryEvent> = {
  keyOf: ({ stored }) => stored.stream,
  evolve: (row, { event, position }) => {
    if (event.type === 'DeliveryReceived') return row ?? received(event.data, position);
    return row && changed(row, event);
  },
};

function received(
  { code, deliveryId, namespace, repoName, configId, client, event, digest, changes, runId, at }: Received,
  position: number,
): DeliveryRow {
  return {
    stream: streams.delivery(code, deliveryId),
    position,
    namespace,
    repo_name: repoName,
    config_id: configId,
    code,
    delivery_id: deliveryId,
    client,
    event,
    digest,
    changes,
    ...freshRun(runId),
    replays: 0,
    received_at: at,
    updated_at: at,
  };
}
type Received = DeliveryEventOf<'DeliveryReceived'>['data'];

const freshRun = (runId: string) =>
  ({ run_id: runId, status: 'waiting', waiting_for: null, matched: [], skipped: [] }) as const;

function changed(row: DeliveryRow, { type, data }: Exclude<DeliveryEvent, { type: 'DeliveryReceived' }>): DeliveryRow {
  const updated_at = data.at;
  if (type === 'DeliveryReplayed') return { ...row, ...freshRun(data.runId), replays: row.replays + 1, updated_at };
  if (data.runId !== row.run_id) return row;
  switch (type) {
    case 'DeliveryMatched':
      return { ...row, matched: [...row.matched, matchedRef(data)], waiting_for: null, updated_at };
    case 'DeliverySkipped':
      return {
        ...row,
        matched: row.matched.filter(({ build_id }) => build_id !== data.buildId),
        skipped: [...row.skipped, skippedRefView(data)],
        waiting_for: null,
        updated_at,
      };
    case 'DeliveryDelayed':
      return { ...row, waiting_for: data.why.toLowerCase(), updated_at };
    case 'DeliveryCompleted':
      return { ...row, status: 'done', waiting_for: null, updated_at };
  }
}

const matchedRef = (data: DeliveryEventOf<'DeliveryMatched'>['data']) => ({
  ref: fullRefName(data),
  commit: data.commit,
  tag_config_id: data.tagConfigId,
  docker_repo_tag: data.imageTag,
  build_id: data.buildId,
});

const skippedRefView = ({ refType, refName, why, detail }: DeliveryEventOf<'DeliverySkipped'>['data']) => ({
  ref: refName === null ? null : fullRefName({ refType, refName }),
  why,
  text: detail === undefined ? SKIP_REASONS[why] : `${SKIP_REASONS[why]} (${detail})`,
});
