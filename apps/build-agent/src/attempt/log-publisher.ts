import type { JetStreamClient } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { encodeLogChunk, LOG_CHUNK_HEADER, subjects, type Lease, type LogChunkHeader } from '@slipway/contracts';
import { pause, publish } from '@slipway/messaging';
import type { PublishChunk } from '../log/index.js';

const RETRY_MS = 500;

/** Takes chunks to JetStream, trying until it says that it has them; rejects only when `signal` is aborted. */
export const logPublisher =
  (jetstream: JetStreamClient, speaker: Lease & { readonly attempt: number }, signal: AbortSignal): PublishChunk =>
  async ({ firstLine, lines }) => {
    const { buildId, agentId, leaseId, attempt } = speaker;
    const header: LogChunkHeader = { buildId, agentId, leaseId, attempt, firstLine, lines: lines.length };
    const messageHeaders = headers();
    messageHeaders.set(LOG_CHUNK_HEADER, JSON.stringify(header));
    const message = {
      subject: subjects.log(buildId),
      body: encodeLogChunk(lines),
      messageId: `${leaseId}/log/${firstLine}`,
      headers: messageHeaders,
    };
    for (;;) {
      signal.throwIfAborted();
      try {
        return await publish(jetstream, message);
      } catch {
        await pause(RETRY_MS, signal);
      }
    }
  };
