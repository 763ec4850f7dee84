import { CommandReply, type PositionedEvent } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { request, watchConnection } from '@slipway/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { idempotencyOf } from './idempotency.js';
import type { ViewCheckpoints } from './view-checkpoints.js';

export interface Wish<Command, Event> {
  /** One of `commandSubjects`. */
  readonly subject: string;
  /** UUID. The same id is the same command, however often it is sent. */
  readonly commandId: string;
  readonly command: Command;
  /** What of it the caller said, for the `Idempotency-Key` of a POST. Default: all of the command. */
  readonly asked?: unknown;
  /** Of the events of the answer. */
  readonly events: z.ZodType<Event>;
  /** The view that shows what was done. */
  readonly view: string;
  /** How long whoever decides may take; default 5 s. */
  readonly timeoutMs?: number;
}

export interface CommandBus {
  /**
   * Asks the service that decides, and waits a moment for the view, so that a GET which follows finds what was done.
   * A POST with an `Idempotency-Key` is answered as the first one with the same key was.
   * @throws what the service throws; SERVICE_UNAVAILABLE when nobody answers; FIELD_INVALID for a bad key
   */
  readonly send: <Command, Event>(
    wish: Wish<Command, Event>,
    from: { readonly caller: Caller; readonly request: FastifyRequest },
  ) => Promise<readonly PositionedEvent<Event>[]>;
}

export function commandBus(nats: NatsConnection, views: ViewCheckpoints): CommandBus {
  const isConnected = watchConnection(nats);
  return {
    send: async (wish, { caller, request: { id, raw } }) => {
      const { subject, commandId, command, asked = command, events, view, timeoutMs } = wish;
      if (!isConnected()) throw new AppError('SERVICE_UNAVAILABLE', { subject, reason: 'not connected' });
      const envelope = {
        commandId,
        actor: caller.name,
        correlationId: id,
        idempotency: idempotencyOf(raw, subject, asked),
        command,
      };
      const reply = await request(nats, subject, envelope, { reply: CommandReply, ...(timeoutMs && { timeoutMs }) });
      await views.pass(view, reply.position);
      return reply.events.flatMap(({ event, position }) => {
        const known = events.safeParse(event); // a newer service may say more than this gateway knows
        return known.success ? [{ event: known.data, position }] : [];
      });
    },
  };
}
