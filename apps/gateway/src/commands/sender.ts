import { randomUUID } from 'node:crypto';
import type { Caller } from '@slipway/domain';
import type { FastifyRequest } from 'fastify';

/** What a command says about where it comes from. */
export interface Sender {
  readonly commandId: string;
  /** The user's name. */
  readonly actor: string;
  readonly correlationId: string;
}

export const senderOf = (caller: Caller, { id }: FastifyRequest): Sender => ({
  commandId: randomUUID(),
  actor: caller.name,
  correlationId: id,
});
