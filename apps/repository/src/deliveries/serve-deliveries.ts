import type { KeyObject } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { commandSubjects, ReceiveDeliveryCommand } from '@slipway/contracts';
import type { CodeHosts } from '@slipway/domain';
import type { Egress } from '@slipway/egress';
import { answerOnce, type EventStore } from '@slipway/event-store';
import type { Clock } from '@slipway/kernel';
import { serve, type Service } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import { checkNowHandler, ReconcileMessage } from '../reconcile/check-now.js';
import { reconcileRepositories } from '../reconcile/reconcile-repositories.js';
import { refReader } from './confirm-refs.js';
import { issueWebhookHandler, IssueWebhookMessage } from './issue-webhook.js';
import { receiveDeliveryHandler } from './receive-delivery.js';
import { replayDeliveryHandler, ReplayDeliveryMessage } from './replay-delivery.js';
import { resumeDeliveries } from './resume-deliveries.js';
import { settler, type SettleParts } from './settle-delivery.js';

export interface DeliveryParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly nats: NatsConnection;
  readonly logger: Logger;
  readonly hosts: CodeHosts;
  readonly egress: Egress;
  /** Who may have signed the certificates of code hosts; absent: as the machine trusts. */
  readonly caFile?: string | undefined;
  readonly secretKeys: readonly [KeyObject, ...KeyObject[]];
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** How often refs are compared with what was told, ms, where a build config says nothing; absent: never. */
  readonly reconcileMs?: number | undefined;
}

/** Webhooks and what comes by them. `resuming` resolves when the signal is aborted. */
export function serveDeliveries(
  { secretKeys, reconcileMs: intervalMs, ...parts }: DeliveryParts,
  common: Pick<Service<unknown>, 'queue' | 'onError'>,
): { readonly services: readonly { readonly stop: () => Promise<void> }[]; readonly resuming: Promise<void> } {
  const { store, clock, nats, logger, signal } = parts;
  const settling: SettleParts = { store, clock, nats, signal, readRefs: refReader({ ...parts, secretKeys }) };
  const settle = settler(settling);
  const services = [
    serve(nats, {
      ...common,
      subject: commandSubjects.issueWebhook,
      schema: IssueWebhookMessage,
      handle: issueWebhookHandler({ store, clock, secretKey: secretKeys[0] }),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.receiveDelivery,
      schema: ReceiveDeliveryCommand,
      handle: receiveDeliveryHandler({ store, clock, logger, signal, secretKeys, settle }),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.replayDelivery,
      schema: ReplayDeliveryMessage,
      handle: answerOnce({ store, clock }, replayDeliveryHandler({ ...settling, settle, logger })),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.reconcileRefs,
      schema: ReconcileMessage,
      handle: checkNowHandler({ ...settling, settle, logger }),
    }),
  ];
  const { readRefs } = settling;
  const resuming = [
    resumeDeliveries({ store, clock, logger, settle }, signal),
    reconcileRepositories({ store, clock, logger, readRefs, intervalMs }, signal),
  ];
  return { services, resuming: Promise.all(resuming).then(() => undefined) };
}
