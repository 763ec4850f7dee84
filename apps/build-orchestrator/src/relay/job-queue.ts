import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { subjects, type BuildNeeds, type Job } from '@slipway/contracts';
import { offer, STREAMS, traceHeaders } from '@slipway/messaging';
import { openSpan, SPANS, type Logger, type OpenSpan } from '@slipway/platform';
import type { OpenBuild } from './open-builds.js';

/** `traceparent`: absent, it goes on with what is being done where it is offered. */
export type OfferedJob = Pick<OpenBuild, 'buildId' | keyof BuildNeeds | 'requestedAt' | 'attempt'> &
  Partial<Pick<OpenBuild, 'traceparent'>>;

/** The jobs in JetStream. Everything may be done twice, and beside other orchestrators. */
export interface JobQueue {
  /** A failed offer is no loss: the next comparison finds it. */
  readonly offer: (build: OfferedJob) => Promise<void>;
  /** Takes the job from whoever has it, who is to say nothing more about it, and offers it to all. */
  readonly offerAnew: (build: OfferedJob) => Promise<void>;
  /** Nobody needs to take it to learn that the build is over. One that stays is no harm: whoever claims it is told. */
  readonly withdraw: (build: OfferedJob) => Promise<void>;
  /** The builds whose jobs lie there, with an agent or without. @throws when the queue is gone or away */
  readonly held: () => Promise<ReadonlySet<string>>;
}

export function jobQueue(nats: NatsConnection, logger: Logger): JobQueue {
  const offerJob: JobQueue['offer'] = async (build) => {
    const { buildId, buildNode, labels, networkPolicy, requestedAt } = build;
    const job: Job = { version: 1, buildId, buildNode, requestedAt, labels, networkPolicy };
    const span = queuedSpan(build);
    const headers = traceHeaders(span.traceparent);
    try {
      const isNew = await offer(jetstream(nats), subjects.queue(buildNode, buildId), JSON.stringify(job), headers);
      if (!isNew) return; // the job that lies there tells of another span
      span.end();
      logger.debug({ buildId, buildNode }, 'job offered');
    } catch (error) {
      logger.warn({ buildId, buildNode, error }, 'job not offered yet');
    }
  };
  return {
    offer: offerJob,

    offerAnew: async (build) => {
      const { buildId, buildNode } = build;
      try {
        const { streams } = await jetstreamManager(nats);
        const old = await streams.getMessage(STREAMS.queue, { last_by_subj: subjects.queue(buildNode, buildId) });
        if (old) await streams.deleteMessage(STREAMS.queue, old.seq, false);
      } catch (error) {
        return logger.warn({ buildId, buildNode, error }, 'job not offered anew: it comes again by itself');
      }
      await offerJob(build);
    },

    withdraw: async ({ buildId, buildNode }) => {
      try {
        const manager = await jetstreamManager(nats);
        await manager.streams.purge(STREAMS.queue, { filter: subjects.queue(buildNode, buildId) });
      } catch (error) {
        logger.debug({ buildId, buildNode, error }, 'job not withdrawn');
      }
    },

    held: async () => {
      const manager = await jetstreamManager(nats);
      const { state } = await manager.streams.info(STREAMS.queue, { subjects_filter: '>' });
      return new Set(Object.keys(state.subjects ?? {}).map((subject) => subject.slice(subject.lastIndexOf('.') + 1)));
    },
  };
}

/** From the request until the job is offered; offered again: that alone. */
const queuedSpan = ({ buildId, buildNode, requestedAt, attempt, traceparent }: OfferedJob): OpenSpan =>
  openSpan(SPANS.queued, {
    kind: 'producer',
    ...(traceparent !== undefined && { from: traceparent }),
    ...(attempt === 0 && { startedAtMs: Date.parse(requestedAt) }),
    attributes: { 'slipway.build_id': buildId, 'slipway.build_node': buildNode },
  });
