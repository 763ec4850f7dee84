import { randomBytes } from 'node:crypto';
import { streams } from '@slipway/contracts';
import { webhookReservation } from '@slipway/domain';
import { commandHandler, webhookCodec, type CommandContext, type EventStore } from '@slipway/event-store';

/** 192 bits: nobody guesses one. */
const CODE_BYTES = 24;

export const newWebhookCode = (): string => randomBytes(CODE_BYTES).toString('base64url');

/** Before the code is issued, so that whoever was given it is known at once and without any view. */
export async function reserveWebhook(
  store: EventStore,
  { namespace, repoName, webhookCode: code }: ReservedFor,
  context: CommandContext,
): Promise<void> {
  if (code === undefined) return;
  const command = { type: 'ReserveWebhook' as const, data: { code, namespace, repoName, at: context.at } };
  await commandHandler(store, webhookReservation, webhookCodec)(streams.webhook(code), command, context);
}

interface ReservedFor {
  readonly namespace: string;
  readonly repoName: string;
  readonly webhookCode?: string | undefined;
}
