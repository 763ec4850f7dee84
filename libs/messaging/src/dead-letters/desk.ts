import { JetStreamApiError, jetstream, jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import { headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import {
  DEAD_LETTER_HEADER,
  DEAD_LETTERS_A_PAGE,
  DeadLetter,
  DeadLetterReplay,
  Instant,
  subjects,
  type DeadLetterDetail,
  type DeadLetterListReply,
  type DeadLetterView,
} from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { z } from 'zod';
import { isTaken } from '../publish.js';
import { STREAMS } from '../topology.js';

/** Of a body that is shown. */
const SHOWN_BYTES = 65_536;
const TIMEOUT_MS = 5_000;

/** What operators see of dead letters, and do with them. Every method may be called concurrently, and repeated. */
export interface DeadLetterDesk {
  /** From 1. The newest first. @throws SERVICE_UNAVAILABLE */
  readonly list: (page: number) => Promise<DeadLetterListReply>;
  /** @throws DEAD_LETTER_NOT_FOUND, SERVICE_UNAVAILABLE */
  readonly get: (id: number) => Promise<DeadLetterDetail>;
  /**
   * Publishes the message to its subject again, and takes the letter away once that is stored. Asked again within a
   * day, it answers the same and publishes nothing.
   * @throws DEAD_LETTER_NOT_FOUND, DEAD_LETTER_CUT, SERVICE_UNAVAILABLE
   */
  readonly replay: (id: number) => Promise<DeadLetterReplay>;
  /** @throws DEAD_LETTER_NOT_FOUND, SERVICE_UNAVAILABLE */
  readonly remove: (id: number) => Promise<void>;
}

export function deadLetterDesk(nats: NatsConnection): DeadLetterDesk {
  const look = async (id: number): Promise<StoredMsg | null> =>
    (await jetstreamManager(nats)).streams.getMessage(STREAMS.dead, { seq: id });
  const find = async (id: number): Promise<StoredMsg> => {
    const stored = await look(id);
    if (!stored) throw new AppError('DEAD_LETTER_NOT_FOUND', { id });
    return stored;
  };
  const takeAway = async (id: number): Promise<void> => {
    const { streams } = await jetstreamManager(nats);
    try {
      await streams.deleteMessage(STREAMS.dead, id, false);
    } catch (error) {
      if (await look(id)) throw error; // else somebody else did
    }
  };
  return {
    list: (page) =>
      answered(async () => {
        const { streams } = await jetstreamManager(nats);
        const { state } = await streams.info(STREAMS.dead, { deleted_details: true });
        const ids = newestFirst(state, page);
        const stored = await Promise.all(ids.map((id) => streams.getMessage(STREAMS.dead, { seq: id })));
        return { count: state.messages, letters: stored.flatMap((one) => (one ? [viewOf(one)] : [])) };
      }),

    get: (id) => answered(async () => detailOf(await find(id))),

    replay: (id) =>
      answered(async () => {
        const stored = await look(id);
        const replay = (await replayOf(nats, id, stored)) ?? (await replayed(nats, id, stored));
        if (stored) await takeAway(id);
        return replay;
      }),

    remove: (id) =>
      answered(async () => {
        await find(id);
        await takeAway(id);
      }),
  };
}

/** The ids of one page: letters that were taken away leave gaps. */
function newestFirst(
  state: { readonly first_seq: number; readonly last_seq: number; readonly deleted?: readonly number[] | undefined },
  page: number,
): readonly number[] {
  const deleted = new Set(state.deleted);
  const ids: number[] = [];
  let toPass = (page - 1) * DEAD_LETTERS_A_PAGE;
  for (let id = state.last_seq; id >= state.first_seq && ids.length < DEAD_LETTERS_A_PAGE; id--) {
    if (deleted.has(id)) continue;
    if (toPass > 0) toPass -= 1;
    else ids.push(id);
  }
  return ids;
}

/** `undefined`: it does not say what it is, so somebody else put it there. */
function letterIn({ header }: StoredMsg): DeadLetter | undefined {
  try {
    return DeadLetter.parse(JSON.parse(header.get(DEAD_LETTER_HEADER)));
  } catch {
    return undefined;
  }
}

function viewOf(stored: StoredMsg): DeadLetterView {
  const letter = letterIn(stored);
  const { isWhole, at, headers: _, ...told } = letter ?? strangeLetter(stored);
  return { id: stored.seq, ...told, is_whole: isWhole, created_at: at };
}

const strangeLetter = ({ subject, seq, data, time }: StoredMsg): DeadLetter => ({
  stream: STREAMS.dead,
  consumer: '',
  sequence: seq,
  subject,
  headers: [],
  bytes: data.byteLength,
  isWhole: false,
  deliveries: 0,
  error: { code: 'MESSAGE_INVALID', message: 'It lies among the dead letters and is none.' },
  at: time.toISOString(),
});

function detailOf(stored: StoredMsg): DeadLetterDetail {
  const own = letterIn(stored)?.headers ?? [];
  return { ...viewOf(stored), headers: own.map(([name, value]) => ({ name, value })), ...shown(stored.data) };
}

function shown(data: Uint8Array): Pick<DeadLetterDetail, 'encoding' | 'body'> {
  const bytes = data.subarray(0, SHOWN_BYTES);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }); // the cut may be in a character
    return { encoding: 'utf-8', body: text };
  } catch {
    return { encoding: 'base64', body: Buffer.from(bytes).toString('base64') };
  }
}

const Replayed = z.object({ replay: DeadLetterReplay, at: Instant });

/**
 * It is written down before the letter is taken away: whoever finds no letter finds this. With a letter there it counts
 * only if it is of that one, since numbers come again when the stream is made anew.
 */
async function replayOf(
  nats: NatsConnection,
  id: number,
  letter: StoredMsg | null,
): Promise<DeadLetterReplay | undefined> {
  const { streams } = await jetstreamManager(nats);
  const stored = await streams.getMessage(STREAMS.replays, { last_by_subj: subjects.replayed(id) });
  if (!stored) return undefined;
  const { replay, at } = Replayed.parse(stored.json());
  return letter && letterIn(letter)?.at !== at ? undefined : replay;
}

async function replayed(nats: NatsConnection, id: number, stored: StoredMsg | null): Promise<DeadLetterReplay> {
  if (!stored) throw new AppError('DEAD_LETTER_NOT_FOUND', { id });
  const letter = letterIn(stored);
  if (!letter?.isWhole) throw new AppError('DEAD_LETTER_CUT', { id });
  const sequence = await publishAgain(nats, letter, { id, body: stored.data });
  const replay = { id, stream: letter.stream, subject: letter.subject, sequence };
  const said: z.infer<typeof Replayed> = { replay, at: letter.at };
  await jetstream(nats).publish(subjects.replayed(id), JSON.stringify(said), { timeout: TIMEOUT_MS });
  return replay;
}

/** Under one message id, so that it is stored once by whoever asks at once. `null`: a job of the build lies there. */
async function publishAgain(
  nats: NatsConnection,
  { subject, headers: own, at }: DeadLetter,
  { id, body }: { readonly id: number; readonly body: Uint8Array },
): Promise<number | null> {
  try {
    const options = { msgID: `dead-letter/${id}/${at}`, headers: headersFrom(own), timeout: TIMEOUT_MS };
    return (await jetstream(nats).publish(subject, body, options)).seq;
  } catch (error) {
    if (isTaken(error)) return null;
    throw error;
  }
}

/** Those that the server itself obeys are not for a second time. */
function headersFrom(own: DeadLetter['headers']): MsgHdrs {
  const again = headers();
  for (const [name, value] of own)
    if (!name.toLowerCase().startsWith('nats-')) again.append(name, value.replaceAll(/[\r\n]/g, ' '));
  return again;
}

/** @throws SERVICE_UNAVAILABLE for whatever JetStream did not do */
async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof JetStreamApiError ? cause.message : 'no answer';
    throw new AppError('SERVICE_UNAVAILABLE', { stream: STREAMS.dead, reason }, { cause });
  }
}
