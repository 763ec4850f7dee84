import { jetstream, type JsMsg } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { DEAD_LETTER_HEADER, subjects, type DeadLetter } from '@slipway/contracts';
import { AppError, systemClock } from '@slipway/kernel';
import { count } from '@slipway/platform';
import { publish } from '../publish.js';

/** What the server announces unless it is configured otherwise. */
const DEFAULT_MAX_PAYLOAD_BYTES = 1_048_576;
/** For what the client and the protocol add. */
const SPARE_BYTES = 1_024;
/** Ours are a few hundred. */
const MAX_HEADER_BYTES = 65_536;
const ERROR_CHARS = 2_000;

/**
 * Keeps a message that nobody can take in, with everything that is to be known of it. Durable when it resolves: only
 * then may its consumer be told that it is done with. Answers why, as it was kept. Safe to repeat.
 * @throws SERVICE_UNAVAILABLE
 */
export async function keepDeadLetter(
  nats: NatsConnection,
  message: JsMsg,
  error: unknown,
): Promise<DeadLetter['error']> {
  const { stream, consumer, streamSequence, timestampNanos } = message.info;
  const { letter, body } = fitting(letterOf(message, error), message.data, nats.info?.max_payload);
  const described = headers();
  described.set(DEAD_LETTER_HEADER, JSON.stringify(letter));
  await publish(jetstream(nats), {
    subject: subjects.deadLetter(stream, consumer),
    body,
    messageId: `${stream}/${consumer}/${streamSequence}/${timestampNanos}`,
    headers: described,
  });
  count('slipway_dead_letters_total', { stream, consumer });
  return letter.error;
}

function letterOf(message: JsMsg, error: unknown): DeadLetter {
  const { stream, consumer, streamSequence: sequence, deliveryCount: deliveries } = message.info;
  const own = headersOf(message);
  return {
    stream,
    consumer,
    sequence,
    subject: message.subject,
    headers: own ?? [],
    bytes: message.data.byteLength,
    isWhole: own !== undefined,
    deliveries,
    error: describe(error),
    at: systemClock.now(),
  };
}

/** `undefined`: the client cannot read them, since a header may have any name on the wire. */
function headersOf(message: JsMsg): [string, string][] | undefined {
  try {
    return [...(message.headers ?? [])].flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    );
  } catch {
    return undefined;
  }
}

function describe(error: unknown): DeadLetter['error'] {
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error));
  const isKnown = error instanceof AppError;
  const more = [
    ...(isKnown ? [JSON.stringify(error.details)] : []),
    ...(cause instanceof Error ? [cause.message] : []),
  ];
  const text = [message, ...more].join(' ').slice(0, ERROR_CHARS).toWellFormed();
  return { code: isKnown ? error.code : name, message: text };
}

/** One message holds both, so what was almost too large by itself is cut. */
function fitting(
  letter: DeadLetter,
  body: Uint8Array,
  maxPayload = DEFAULT_MAX_PAYLOAD_BYTES,
): { readonly letter: DeadLetter; readonly body: Uint8Array } {
  const described = Buffer.byteLength(JSON.stringify(letter));
  if (described > MAX_HEADER_BYTES) return fitting({ ...letter, headers: [], isWhole: false }, body, maxPayload);
  const room = maxPayload - described - SPARE_BYTES;
  if (body.byteLength <= room) return { letter, body };
  return { letter: { ...letter, isWhole: false }, body: body.subarray(0, room) };
}
