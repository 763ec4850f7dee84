import type { NatsConnection } from '@nats-io/transport-node';
import { subjects, type Control } from '@slipway/contracts';

/** Tells the holder of a build to ask what is true; it asks by itself if this gets lost. */
export const hintHolder = (nats: NatsConnection, buildId: string): void =>
  nats.publish(subjects.control(buildId), JSON.stringify({ type: 'look' } satisfies Control));
