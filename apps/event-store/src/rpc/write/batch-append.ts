import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { EventStore } from '../../store/event-store.js';
import type { ProposedEvent } from '../../store/events.js';
import { BoundedCache } from '../../store/bounded-cache.js';
import { batchAnswer, type BatchHeader, type BatchOutcome } from './batch-answer.js';
import { MAX_APPEND_BYTES, invalidArgument, shuttingDown, type RpcError } from '../errors.js';
import { expectedRevision, proposedEvent, sizeOf, streamName, uuidText, writableStream } from './proposed-event.js';

/** Bounds of one call: what it may hold in memory before it stops reading, and of appends begun but not complete. */
const MAX_BYTES_IN_FLIGHT = 8 * 1024 * 1024;
const MAX_BEGUN = 1_024;

/** How many answered correlation ids one call remembers, so that a request sent again gets no second answer. */
const REMEMBERED_ANSWERS = 1_024;

/** For a client that sets no deadline, ms. */
const DEFAULT_TIMEOUT_MS = 10_000;

type BatchCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** An append whose final message has not come yet. */
interface BegunAppend extends BatchHeader {
  readonly events: ProposedEvent[];
  readonly deadlineMs: number;
  bytes: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * One long-lived call that carries many appends, told apart by their correlation ids. Each gets exactly one answer: the
 * client's process dies of a second one and waits for ever for a missing one.
 */
export class BatchAppendCall {
  readonly #begun = new Map<string, BegunAppend>();
  readonly #writing = new Set<string>();
  readonly #answered = new BoundedCache<string, true>(REMEMBERED_ANSWERS);
  #bytesInFlight = 0;
  #isFull = false; // the client does not take our answers
  #isClosed = false;
  #hasEnded = false; // no more requests
  #stopReason: RpcError | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly call: BatchCall,
    private readonly onClosed: () => void,
  ) {
    call.on('data', (request: BatchAppendReq) => this.#receive(request));
    call.on('end', () => this.#endRequests());
    call.on('drain', () => {
      this.#isFull = false;
      this.#resumeWhenRoom();
    });
    for (const event of ['cancelled', 'close', 'error']) call.on(event, () => this.#close());
  }

  /** Answers what is being written and then ends the call in a way that makes the client connect anew. */
  stop(): void {
    this.#stopReason = shuttingDown();
    this.#endRequests();
  }

  #receive(request: BatchAppendReq): void {
    if (this.#stopReason) return;
    const correlationId = request.getCorrelationId();
    let id: string;
    try {
      id = uuidText(correlationId);
    } catch {
      return; // nobody can be answered
    }
    if (this.#writing.has(id) || this.#answered.get(id)) return;
    try {
      this.#add(id, request);
    } catch (error) {
      const begun = this.#begun.get(id);
      const stream = begun?.stream ?? streamName(request.getOptions()?.getStreamIdentifier());
      const message = error instanceof Error ? error.message : String(error);
      this.#finish(id, begun ?? { correlationId, stream, expected: 'any' }, { outcome: 'bad-request', message });
    }
  }

  #add(id: string, request: BatchAppendReq): void {
    const begun = this.#begun.get(id) ?? this.#begin(id, request);
    if (!begun) return; // the rest of an append that has been answered
    for (const message of request.getProposedMessagesList()) {
      const event = proposedEvent(message);
      begun.events.push(event);
      begun.bytes += sizeOf(event);
    }
    if (begun.bytes > MAX_APPEND_BYTES) return this.#finish(id, begun, { outcome: 'too-large' });
    if (begun.deadlineMs <= Date.now()) return this.#finish(id, begun, { outcome: 'too-late' });
    if (request.getIsFinal()) return this.#write(id, begun);
    begun.timer ??= setTimeout(() => this.#finish(id, begun, { outcome: 'too-late' }), begun.deadlineMs - Date.now());
  }

  #begin(id: string, request: BatchAppendReq): BegunAppend | undefined {
    const options = request.getOptions();
    if (!options) return undefined;
    if (this.#begun.size >= MAX_BEGUN) throw invalidArgument('Too many appends are begun and not complete.');
    const begun: BegunAppend = {
      correlationId: request.getCorrelationId(),
      stream: writableStream(options.getStreamIdentifier()),
      expected: expectedRevision(options, options.hasStreamPosition() ? options.getStreamPosition() : undefined),
      deadlineMs: options.getDeadline()?.toDate().getTime() ?? Date.now() + DEFAULT_TIMEOUT_MS,
      events: [],
      bytes: 0,
      timer: undefined,
    };
    this.#begun.set(id, begun);
    return begun;
  }

  #write(id: string, append: BegunAppend): void {
    this.#forget(id, append);
    this.#writing.add(id);
    this.#bytesInFlight += append.bytes;
    if (this.#bytesInFlight > MAX_BYTES_IN_FLIGHT) this.call.pause();
    void this.store
      .append(append, append.deadlineMs)
      .catch((): BatchOutcome => ({ outcome: 'failed' }))
      .then((outcome) => {
        this.#writing.delete(id);
        this.#bytesInFlight -= append.bytes;
        this.#answer(id, append, outcome);
        this.#resumeWhenRoom();
        this.#endWhenDone();
      });
  }

  #finish(id: string, append: BatchHeader & Partial<BegunAppend>, outcome: BatchOutcome): void {
    this.#forget(id, append);
    this.#answer(id, append, outcome);
  }

  #forget(id: string, append: { timer?: NodeJS.Timeout | undefined }): void {
    clearTimeout(append.timer);
    this.#begun.delete(id);
  }

  #answer(id: string, header: BatchHeader, outcome: BatchOutcome): void {
    this.#answered.set(id, true);
    if (this.#isClosed) return;
    if (this.call.write(batchAnswer(header, outcome))) return;
    this.#isFull = true;
    this.call.pause();
  }

  #resumeWhenRoom(): void {
    if (!this.#isFull && this.#bytesInFlight <= MAX_BYTES_IN_FLIGHT && this.call.isPaused()) this.call.resume();
  }

  #endRequests(): void {
    this.#hasEnded = true;
    this.#dropBegun();
    this.#endWhenDone();
  }

  #endWhenDone(): void {
    if (!this.#hasEnded || this.#isClosed || this.#writing.size > 0) return;
    if (this.#stopReason) this.call.emit('error', this.#stopReason);
    else this.call.end();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#dropBegun();
    this.onClosed();
  }

  #dropBegun(): void {
    for (const { timer } of this.#begun.values()) clearTimeout(timer);
    this.#begun.clear();
  }
}
