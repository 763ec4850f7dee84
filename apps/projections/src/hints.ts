import type { NatsConnection } from '@nats-io/transport-node';
import { subjects } from '@slipway/contracts';
import { watchConnection } from '@slipway/messaging';

/** Views somebody waits for; their keys are build ids. */
const ANNOUNCED = ['build', 'log'];

/** Publishes `projected.<view>.<key>`, which may be lost: nothing is said while there is no connection. */
export function announceOn(nats: NatsConnection): (changed: ReadonlyMap<string, readonly string[]>) => void {
  const isConnected = watchConnection(nats);
  return (changed) => {
    if (!isConnected()) return;
    for (const view of ANNOUNCED)
      for (const key of changed.get(view) ?? []) nats.publish(subjects.projected(view, key));
  };
}
