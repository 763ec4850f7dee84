import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { PARTITIONS, subjects } from '@slipway/contracts';

/** JetStream counts in nanoseconds. */
const nanos = (ms: number): number => ms * 1_000_000;
const HOUR_MS = 3_600_000;
const MIB = 1024 ** 2;
/** Agents make no larger ones; whatever the servers' `max_payload` is, nothing larger gets into a lane. */
const MAX_MESSAGE_BYTES = MIB;
/**
 * How long an orchestrator may be silent over one report or log chunk before another instance gets it: so long a lane waits
 * when its taker died, or the answer was lost with a server. Who is at it for longer says so; shorter than the pauses
 * of a busy machine would have much recorded twice.
 */
const RECORD_WAIT_MS = 10_000;

export interface Topology {
  /** Copies of every stream: 1, or 3 on a cluster. */
  readonly replicas: number;
  /** Lease: silence for this long and a job is delivered to another agent, ms. */
  readonly ackWaitMs: number;
  readonly buildNodes: readonly string[];
}

export const STREAMS = {
  queue: 'BUILD_QUEUE',
  events: 'BUILD_EVENTS',
  logs: 'BUILD_LOGS',
  dead: 'DEAD_LETTERS',
  replays: 'DEAD_LETTER_REPLAYS',
} as const;
export const consumers = {
  agents: (buildNode: string): string => `agents-${buildNode}`,
  reports: (partition: number): string => `reports-${partition}`,
  logs: (partition: number): string => `logs-${partition}`,
} as const;

const streamsOf = ({ replicas }: Topology): readonly (Partial<StreamConfig> & { name: string })[] => [
  {
    name: STREAMS.queue,
    subjects: ['queue.>'],
    max_msg_size: MAX_MESSAGE_BYTES,
    retention: RetentionPolicy.Workqueue,
    // A build is offered once at a time: offering it again while it still lies there is refused by the server.
    max_msgs_per_subject: 1,
    discard: DiscardPolicy.New,
    discard_new_per_subject: true,
    duplicate_window: nanos(1_000), // the subject, not the message id, is what makes a job unique
    storage: StorageType.File,
    num_replicas: replicas,
  },
  {
    name: STREAMS.events,
    subjects: ['event.>'],
    max_msg_size: MAX_MESSAGE_BYTES,
    retention: RetentionPolicy.Limits,
    max_age: nanos(12 * HOUR_MS),
    storage: StorageType.File,
    num_replicas: replicas,
  },
  {
    name: STREAMS.logs,
    subjects: ['log.>'],
    max_msg_size: MAX_MESSAGE_BYTES,
    retention: RetentionPolicy.Limits,
    max_age: nanos(2 * HOUR_MS),
    max_bytes: 4 * 1024 * MIB,
    discard: DiscardPolicy.Old,
    storage: StorageType.File,
    num_replicas: replicas,
  },
  {
    name: STREAMS.dead,
    subjects: ['dead.>'],
    retention: RetentionPolicy.Limits,
    max_age: nanos(30 * 24 * HOUR_MS),
    max_bytes: 256 * MIB,
    max_msgs_per_subject: 1_000, // who sends poison again and again does not push out what others could not take in
    discard: DiscardPolicy.Old,
    storage: StorageType.File,
    num_replicas: replicas,
  },
  {
    // What was answered, for whoever missed it.
    name: STREAMS.replays,
    subjects: ['replayed.>'],
    retention: RetentionPolicy.Limits,
    max_age: nanos(24 * HOUR_MS),
    max_bytes: 16 * MIB,
    max_msgs_per_subject: 1,
    discard: DiscardPolicy.Old,
    storage: StorageType.File,
    num_replicas: replicas,
  },
];

type NamedConsumer = Partial<ConsumerConfig> & { readonly durable_name: string };

const consumersOf = ({ buildNodes, ackWaitMs }: Topology): readonly (readonly [string, NamedConsumer])[] => [
  ...buildNodes.map(
    (node) =>
      [
        STREAMS.queue,
        {
          durable_name: consumers.agents(node),
          filter_subject: subjects.queueOf(node),
          ack_policy: AckPolicy.Explicit,
          ack_wait: nanos(ackWaitMs),
          max_deliver: -1, // attempts are counted by events
          max_ack_pending: 20_000, // shared by all agents: the slots of the whole fleet
          max_waiting: 20_000, // as many ask at once while nothing is there; by default the 513th is refused
        },
      ] as const,
  ),
  ...Array.from({ length: PARTITIONS }, (_, partition) => [
    [STREAMS.events, lane(consumers.reports(partition), subjects.eventsOf(partition))] as const,
    [STREAMS.logs, lane(consumers.logs(partition), subjects.logsOf(partition))] as const,
  ]).flat(),
];

/** One message in flight a lane: several orchestrators may pull from it and the order within a build still holds. */
const lane = (durable_name: string, filter_subject: string): NamedConsumer => ({
  durable_name,
  filter_subject,
  ack_policy: AckPolicy.Explicit,
  ack_wait: nanos(RECORD_WAIT_MS),
  deliver_policy: DeliverPolicy.All,
  max_deliver: -1,
  max_ack_pending: 1,
});

/**
 * Creates or updates streams and consumers, then compares what the server answers with what was asked.
 * Safe to call from several services at once, and again.
 * @throws when the server silently left out or changed a setting
 */
export async function ensureTopology(connection: NatsConnection, topology: Topology): Promise<void> {
  const manager = await jetstreamManager(connection);
  for (const wanted of streamsOf(topology)) {
    const { config } = await addOrUpdateStream(manager, wanted);
    compare(`stream ${wanted.name}`, wanted, config);
  }
  for (const [stream, wanted] of consumersOf(topology)) {
    const { config } = await addOrUpdateConsumer(manager, stream, wanted);
    compare(`consumer ${stream}/${wanted.durable_name}`, wanted, config);
  }
}

async function addOrUpdateStream(manager: JetStreamManager, wanted: Partial<StreamConfig> & { name: string }) {
  try {
    return await manager.streams.add(wanted);
  } catch (error) {
    const exists = await manager.streams.info(wanted.name).catch(() => undefined);
    if (exists === undefined) throw error;
    return manager.streams.update(wanted.name, wanted);
  }
}

async function addOrUpdateConsumer(manager: JetStreamManager, stream: string, wanted: NamedConsumer) {
  try {
    return await manager.consumers.add(stream, wanted);
  } catch (error) {
    const exists = await manager.consumers.info(stream, wanted.durable_name).catch(() => undefined);
    if (exists === undefined) throw error;
    try {
      return await manager.consumers.update(stream, wanted.durable_name, wanted);
    } catch (fixed) {
      if (stream !== STREAMS.queue || !isFixedForLife(fixed)) throw fixed;
      await manager.consumers.delete(stream, wanted.durable_name); // what was acknowledged there is gone from the stream
      return manager.consumers.add(stream, wanted);
    }
  }
}

/** There is no code for it. Source: checkNewConsumerConfig in nats-server's consumer.go */
const isFixedForLife = (error: unknown): boolean =>
  error instanceof JetStreamApiError && /can not be updated/.test(error.message);

function compare(what: string, wanted: object, got: object): void {
  const differing = Object.entries(wanted).filter(
    ([key, value]) => JSON.stringify((got as Record<string, unknown>)[key]) !== JSON.stringify(value),
  );
  if (differing.length > 0)
    throw new Error(
      `${what}: the server did not take ${differing.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(', ')}`,
    );
}
