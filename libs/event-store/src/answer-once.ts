import { randomUUID } from 'node:crypto';
import { actorOf, streams, type Answer, type Idempotency, type RequestEvent } from '@slipway/contracts';
import { AppError, ERRORS, type Clock, type Decider, type ErrorCode, type ErrorKind } from '@slipway/kernel';
import { requestCodec } from './codecs.js';
import { commandHandler } from './command-handler.js';
import { uuidV5 } from './event-id.js';
import type { EventStore } from './port.js';

/** How long an idempotency key stands for one request, as the API promises. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/** What of a command's envelope is needed to know it again. */
interface Asked {
  readonly commandId: string;
  readonly actor: string;
  readonly correlationId: string;
  readonly idempotency?: Idempotency | undefined;
}

/**
 * Gives a command that carries an idempotency key one answer for 24 hours, whoever is asked and whatever was restarted
 * in between: key, digest and answer are events. Whoever repeats a request that has no answer yet carries on with the
 * command id of the first, so `handle` must be safe to run twice with one command id. A refusal is an answer too; that
 * something is away at the moment is none.
 * @throws IDEMPOTENCY_KEY_REUSED, what `handle` throws, and what it threw the first time
 */
export function answerOnce<Message extends Asked, Reply>(
  { store, clock }: { readonly store: EventStore; readonly clock: Clock },
  handle: (message: Message) => Promise<Reply>,
): (message: Message) => Promise<Reply> {
  const tell = commandHandler(store, request, requestCodec);
  return async (message) => {
    const { idempotency, actor, correlationId } = message;
    if (!idempotency) return handle(message);
    const stream = streams.request(uuidV5(`request/${actor}/${idempotency.key}`));
    const say = async (command: RequestCommand, commandId: string): Promise<Request> => {
      const context = { commandId, at: command.data.at, actor: actorOf(actor), correlationId };
      return (await tell(stream, command, context)).state;
    };

    const { commandId: asked } = message;
    const begin = { commandId: asked, digest: idempotency.digest, at: clock.now() };
    const begun = await say({ type: 'Begin', data: begin }, uuidV5(`begin/${asked}`));
    if (begun.phase === 'answered') return unwrap<Reply>(begun.answer);
    const commandId = begun.phase === 'begun' ? begun.commandId : asked;
    const answer = await answerOf(() => handle({ ...message, commandId }));
    // An id of its own: somebody else may have answered the same command with other words, and the first ones count.
    const answered = await say({ type: 'Answer', data: { commandId, answer, at: clock.now() } }, randomUUID());
    const isMine = answered.phase === 'answered' && answered.commandId === commandId;
    return unwrap<Reply>(isMine ? answered.answer : answer);
  };
}

type Request =
  | { readonly phase: 'absent' }
  | { readonly phase: 'begun'; readonly commandId: string; readonly digest: string; readonly at: string }
  | {
      readonly phase: 'answered';
      readonly commandId: string;
      readonly digest: string;
      readonly at: string;
      readonly answer: Answer;
    };

type RequestCommand =
  | { readonly type: 'Begin'; readonly data: { commandId: string; digest: string; at: string } }
  | { readonly type: 'Answer'; readonly data: { commandId: string; answer: Answer; at: string } };

const request: Decider<Request, RequestCommand, RequestEvent> = {
  initial: { phase: 'absent' },

  decide: ({ type, data }, state) => {
    switch (type) {
      case 'Begin': {
        const isOver = state.phase === 'absent' || Date.parse(data.at) - Date.parse(state.at) >= KEPT_MS;
        if (isOver) return [{ type: 'RequestBegun', data }];
        if (state.digest !== data.digest) throw new AppError('IDEMPOTENCY_KEY_REUSED');
        return [];
      }
      case 'Answer':
        if (state.phase !== 'begun' || state.commandId !== data.commandId) return [];
        return [{ type: 'RequestAnswered', data }];
    }
  },

  evolve: (state, { type, data }) => {
    switch (type) {
      case 'RequestBegun':
        return { phase: 'begun', ...data };
      case 'RequestAnswered':
        return state.phase === 'begun' ? { ...state, phase: 'answered', answer: data.answer } : state;
    }
  },
};

/** The same request may be answered otherwise in a moment. */
const PASSING: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['unavailable', 'limited', 'superseded']);

async function answerOf(handle: () => Promise<unknown>): Promise<Answer> {
  try {
    return { ok: true, reply: await handle() };
  } catch (error) {
    if (!(error instanceof AppError) || PASSING.has(error.kind) || error.code === 'REVISION_CONFLICT') throw error;
    return { ok: false, code: error.code, details: { ...error.details } };
  }
}

/** `Reply` is what a `handle` of the same subject answered, on its way through JSON. */
function unwrap<Reply>(answer: Answer): Reply {
  if (answer.ok) return answer.reply as Reply;
  if (!(answer.code in ERRORS)) throw new Error(`an answer from the past is not known any more: ${answer.code}`);
  throw new AppError(answer.code as ErrorCode, answer.details);
}
