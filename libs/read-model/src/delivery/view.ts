import type { DeliveryView, ReplayView, WebhookAnswerView } from '@slipway/contracts';
import { fullRefName } from '@slipway/domain';
import type { DeliveryRow } from './table.js';

const buildsOf = ({ matched }: DeliveryRow): string[] => matched.map(({ build_id }) => build_id);

/** The answer of `GET /v1/repositories/{namespace}/{repo_name}/deliveries/{id}`. */
export const deliveryView = (row: DeliveryRow): DeliveryView => ({
  id: row.delivery_id,
  code_repo_client: row.client,
  event: row.event,
  digest: row.digest,
  refs: row.changes.map(({ refType, refName, commit }) => ({
    ref: fullRefName({ refType, refName }),
    type: refType,
    commit,
  })),
  status: row.status,
  waiting_for: row.waiting_for,
  matched: [...row.matched],
  skipped: [...row.skipped],
  builds: buildsOf(row),
  replays: row.replays,
  received_at: row.received_at,
  updated_at: row.updated_at,
});

/** What a code host is answered. */
export const webhookAnswerView = (row: DeliveryRow): WebhookAnswerView => ({
  builds: buildsOf(row),
  skipped: [...row.skipped],
  delivery_id: row.delivery_id,
  status: row.status,
  waiting_for: row.waiting_for,
});

/** `isDry`: the row is as it would be. */
export const replayView = (row: DeliveryRow, isDry: boolean): ReplayView => ({
  dry_run: isDry,
  builds: isDry ? [] : buildsOf(row),
  matched: row.matched.map(({ ref, commit, tag_config_id, docker_repo_tag }) => ({
    ref,
    commit,
    tag_config_id,
    docker_repo_tag,
  })),
  skipped: [...row.skipped],
  status: isDry ? 'done' : row.status,
  waiting_for: row.waiting_for,
});
