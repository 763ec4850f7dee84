import { randomUUID } from 'node:crypto';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Expected, Position, Revision } from '../port.js';
import type { BatchAppendCall, Connection } from './connection.js';
import { appendError, callError, TransportError } from './errors.js';
import { decodeUuid } from './event-codec.js';
import { appendRequest, type ProposedEvent } from './requests.js';

export interface Append {
  readonly stream: string;
  readonly events: readonly ProposedEvent[];
  readonly expected: Expected;
}

export interface Answer {
  readonly revision: Revision;
  /** A server may leave it out for events it already had. */
  readonly position: Position | undefined;
}

interface Pending {
  readonly stream: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Sends appends over one long-lived call, many in flight, answers in any order; opens a new call after a broken one. */
export class AppendLane {
  readonly #connection: Connection;
  #call: Promise<OpenCall> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * One try. The signal gives up waiting and the whole call with it: a call that owes an answer is not to be trusted.
   * @throws TransportError when it is not known whether the events were appended
   */
  async append(append: Append, signal: AbortSignal): Promise<Answer> {
    const opening = (this.#call ??= this.#open());
    const call = await opening.catch((error: unknown) => {
      if (this.#call === opening) this.#call = undefined;
      throw callError(error, append.stream);
    });
    const abandon = (): void => call.fail(new TransportError('An append was not answered in time'));
    signal.addEventListener('abort', abandon, { once: true });
    try {
      return await call.send(append);
    } finally {
      signal.removeEventListener('abort', abandon);
    }
  }

  /** Not async: the very promise that is kept must be the one that a closed call recognises. */
  #open(): Promise<OpenCall> {
    const opened: Promise<OpenCall> = this.#connection.batchAppend().then(
      (call) =>
        new OpenCall(call, () => {
          if (this.#call === opened) this.#call = undefined;
        }),
    );
    return opened;
  }
}

/** One BatchAppend call and the appends it has not answered. */
class OpenCall {
  readonly #call: BatchAppendCall;
  readonly #onClosed: () => void;
  readonly #pending = new Map<string, Pending>(); // by correlation id
  #drained: Promise<void> | undefined;
  #failure: Error | undefined;

  constructor(call: BatchAppendCall, onClosed: () => void) {
    this.#call = call;
    this.#onClosed = onClosed;
    call.on('data', (answer: BatchAppendResp) => this.#settle(answer));
    call.on('error', (error) => this.fail(callError(error, '$all')));
    call.on('end', () => this.fail(new TransportError('The server ended the call')));
  }

  async send(append: Append): Promise<Answer> {
    while (this.#drained && !this.#failure) await this.#drained;
    if (this.#failure) throw this.#failure;
    const correlationId = randomUUID();
    return new Promise((resolve, reject) => {
      this.#pending.set(correlationId, { stream: append.stream, resolve, reject });
      if (!this.#call.write(appendRequest({ ...append, correlationId }))) this.#drained = this.#drain();
    });
  }

  /** Everything unanswered fails; what it did is unknown. Once. */
  fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#onClosed();
    this.#call.cancel();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #settle(answer: BatchAppendResp): void {
    const correlationId = decodeUuid(answer.getCorrelationId());
    const pending = this.#pending.get(correlationId);
    if (!pending) return;
    this.#pending.delete(correlationId);
    const error = answer.getError();
    if (error) return pending.reject(appendError(error, pending.stream));
    const success = answer.getSuccess();
    if (!success?.hasCurrentRevision()) return pending.reject(new TransportError('An answer without a revision'));
    const position = Number(success.getPosition()?.getCommitPosition() ?? NaN);
    pending.resolve({
      revision: Number(success.getCurrentRevision()),
      position: Number.isSafeInteger(position) ? position : undefined,
    });
  }

  #drain(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#call.off('drain', done).off('error', done).off('close', done);
        this.#drained = undefined;
        resolve();
      };
      this.#call.on('drain', done).on('error', done).on('close', done);
    });
  }
}
