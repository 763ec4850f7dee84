import type { NatsConnection } from '@nats-io/transport-node';
import {
  commandSubjects,
  DeadLetterDetail,
  DeadLetterListReply,
  DeadLetterReplay,
  querySubjects,
  type DeadLetterListQuery,
  type DeadLetterQuery,
  type DeadLetterRequest,
} from '@slipway/contracts';
import { request } from '@slipway/messaging';
import { z } from 'zod';

/** What an orchestrator knows of messages that nobody could take in, and does with them. */
export interface DeadLetterDesk {
  /** From 1. @throws SERVICE_UNAVAILABLE */
  readonly list: (page: number) => Promise<DeadLetterListReply>;
  /** @throws DEAD_LETTER_NOT_FOUND, SERVICE_UNAVAILABLE */
  readonly get: (id: number) => Promise<DeadLetterDetail>;
  /** @throws DEAD_LETTER_NOT_FOUND, DEAD_LETTER_CUT, SERVICE_UNAVAILABLE */
  readonly replay: (asked: DeadLetterRequest) => Promise<DeadLetterReplay>;
  /** @throws DEAD_LETTER_NOT_FOUND, SERVICE_UNAVAILABLE */
  readonly remove: (asked: DeadLetterRequest) => Promise<void>;
}

/** An orchestrator asks JetStream up to two times. ms */
const TIMEOUT_MS = 10_000;

export const deadLetterDesk = (nats: NatsConnection): DeadLetterDesk => {
  const ask = <T extends z.ZodType>(subject: string, asked: unknown, reply: T) =>
    request(nats, subject, asked, { reply, timeoutMs: TIMEOUT_MS });
  return {
    list: (page) => ask(querySubjects.deadLetters, { page } satisfies DeadLetterListQuery, DeadLetterListReply),
    get: (id) => ask(querySubjects.deadLetter, { id } satisfies DeadLetterQuery, DeadLetterDetail),
    replay: (asked) => ask(commandSubjects.replayDeadLetter, asked, DeadLetterReplay),
    remove: async (asked) => {
      await ask(commandSubjects.removeDeadLetter, asked, z.unknown());
    },
  };
};
