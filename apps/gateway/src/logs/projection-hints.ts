import { subjects } from '@slipway/contracts';
import type { NatsConnection } from '@nats-io/transport-node';

/** Views that a followed log is made of. */
const VIEWS = ['build', 'log'] as const;

/** Listens on core NATS for views that have new rows of a build. A hint may be lost: whoever listens must also look. */
export function listenForHints(nats: NatsConnection, buildId: string, onHint: () => void): () => void {
  if (nats.isClosed()) return () => {};
  const subscriptions = VIEWS.map((view) =>
    nats.subscribe(subjects.projected(view, buildId), { callback: () => onHint() }),
  );
  return () => subscriptions.forEach((subscription) => subscription.unsubscribe());
}
