import { RequestError, TimeoutError, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { AppError, ERRORS, type ErrorCode } from '@slipway/kernel';
import { count, openSpan, traced } from '@slipway/platform';
import { z } from 'zod';
import { traceHeaders, traceparentOf } from './trace-headers.js';

const Answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), reply: z.unknown() }),
  z.object({ ok: z.literal(false), code: z.string(), details: z.record(z.string(), z.unknown()) }),
]);
type Answer = z.infer<typeof Answer>;

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * Asks the service that decides, and waits for its answer.
 * @throws the AppError the service threw; SERVICE_UNAVAILABLE when nobody answers within `timeoutMs` (default 5 s).
 * Then it is not known whether the command was done: repeat it with the same command id.
 */
export async function request<T extends z.ZodType>(
  connection: NatsConnection,
  subject: string,
  payload: unknown,
  options: { readonly reply: T; readonly timeoutMs?: number },
): Promise<z.infer<T>> {
  const attributes = { 'messaging.destination.name': subject };
  return traced(`ask ${subject}`, { kind: 'client', attributes }, () => ask(connection, subject, payload, options));
}

async function ask<T extends z.ZodType>(
  connection: NatsConnection,
  subject: string,
  payload: unknown,
  options: { readonly reply: T; readonly timeoutMs?: number },
): Promise<z.infer<T>> {
  const message = await send(connection, subject, payload, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const answer = Answer.parse(message.json());
  if (answer.ok) return options.reply.parse(answer.reply);
  if (!(answer.code in ERRORS)) throw new Error(`${subject} failed: ${answer.code}`);
  throw new AppError(answer.code as ErrorCode, answer.details);
}

async function send(connection: NatsConnection, subject: string, payload: unknown, timeout: number): Promise<Msg> {
  try {
    const headers = traceHeaders();
    return await connection.request(subject, JSON.stringify(payload), { timeout, ...(headers && { headers }) });
  } catch (cause) {
    count('slipway_request_failures_total', { subject });
    const nobody = cause instanceof RequestError || cause instanceof TimeoutError || connection.isClosed();
    throw new AppError('SERVICE_UNAVAILABLE', { subject, reason: nobody ? 'no answer' : 'not sent' }, { cause });
  }
}

export interface Service<T> {
  readonly subject: string;
  /** Instances with the same queue name share the requests. */
  readonly queue: string;
  readonly schema: z.ZodType<T>;
  /** Called concurrently. Must be safe to run twice: an asker that got no answer asks again. */
  readonly handle: (payload: T) => Promise<unknown>;
  /** Told of what is not an AppError: a bug. */
  readonly onError: (error: unknown, subject: string) => void;
}

/** Answers requests until `stop`, which waits for those under way. */
export function serve<T>(connection: NatsConnection, service: Service<T>): { readonly stop: () => Promise<void> } {
  const subscription = connection.subscribe(service.subject, {
    queue: service.queue,
    callback: (error, message) => {
      if (error) return service.onError(error, service.subject);
      const work = answerOne(message, service).finally(() => underWay.delete(work));
      underWay.add(work);
    },
  });
  const underWay = new Set<Promise<void>>();
  return {
    stop: async () => {
      await subscription.drain();
      await Promise.all(underWay);
    },
  };
}

async function answerOne<T>(message: Msg, { schema, handle, onError }: Service<T>): Promise<void> {
  const attributes = { 'messaging.destination.name': message.subject };
  const span = openSpan(message.subject, { kind: 'server', from: traceparentOf(message), attributes });
  const answer = await span.within(() =>
    attempt(
      async () => handle(decode(message, schema)),
      (error) => onError(error, message.subject),
      span.end,
    ),
  );
  message.respond(JSON.stringify(answer));
}

async function attempt(
  work: () => Promise<unknown>,
  onBug: (error: unknown) => void,
  onEnd: (error?: unknown) => void,
): Promise<Answer> {
  try {
    const reply = await work();
    onEnd();
    return { ok: true, reply };
  } catch (error) {
    onEnd(error);
    if (error instanceof AppError) return { ok: false, code: error.code, details: { ...error.details } };
    onBug(error);
    return { ok: false, code: 'SERVICE_UNAVAILABLE', details: { reason: 'internal error' } };
  }
}

function decode<T>(message: Msg, schema: z.ZodType<T>): T {
  try {
    return schema.parse(message.json());
  } catch (cause) {
    throw new AppError('MESSAGE_INVALID', { subject: message.subject }, { cause });
  }
}
