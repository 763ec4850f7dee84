import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { streams, type DeliveryReply, type ReceiveDeliveryCommand, type WebhookCode } from '@slipway/contracts';
import { delivery, eventOf, pushOf, repository, webhookReservation, type PresentRepository } from '@slipway/domain';
import { commandHandler, deliveryCodec, loadState, repositoryCodec, uuidV5, webhookCodec } from '@slipway/event-store';
import { AppError } from '@slipway/kernel';
import { pause } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';
import { openSealed, type SecretKeys } from '../deploy-keys/secret-keys.js';
import { replyWithShown } from '../repositories/reply.js';
import { bindingOf } from './issue-webhook.js';
import { coversRefs, proofOf, type Sent } from './proof.js';
import type { Settle, SettleParts } from './settle-delivery.js';

const ACTOR = 'service:repository';
/** What a gateway takes of a code host, bytes. */
const MAX_BODY = 8 * 1024 * 1024;
/** How long a code host waits for builds; GitHub gives up after 10 s. */
const ANSWER_MS = 4_000;
const MAX_CHANGES = 100;

export interface ReceiveParts extends Pick<SettleParts, 'store' | 'clock' | 'signal'> {
  readonly secretKeys: SecretKeys;
  readonly settle: Settle;
  readonly logger: Logger;
}

/**
 * Answers `cmd.delivery.receive`: proven, then stored, then gone on with. The answer tells what became of it so far; the
 * rest is done by whoever resumes deliveries. Safe to run twice, and at once.
 * @throws WEBHOOK_NOT_FOUND, WEBHOOK_PROOF_INVALID, WEBHOOK_SECRET_MISSING, REQUEST_MALFORMED, DELIVERY_INVALID,
 * DELIVERY_CONFLICT, STORE_UNAVAILABLE
 */
export function receiveDeliveryHandler(
  parts: ReceiveParts,
): (command: ReceiveDeliveryCommand) => Promise<DeliveryReply> {
  return async (command) => {
    const { code, headers } = command;
    const present = await repositoryOf(parts, code);
    const sent: Sent = { headers, body: await promisify(gunzip)(Buffer.from(command.body, 'base64'), LIMITS) };
    assertProven(parts, present, sent);
    const stream = await storeDelivery(parts, present, { sent, correlationId: command.correlationId });
    await settleForAnswer(parts, stream);
    return replyWithDelivery(parts.store, stream);
  };
}

/** Waits no longer than a code host does; what is left over is for whoever resumes deliveries. */
export async function settleForAnswer(
  { settle, logger, signal }: Pick<ReceiveParts, 'settle' | 'logger' | 'signal'>,
  stream: string,
): Promise<void> {
  const settled = settle(stream).catch((error: unknown) => {
    logger.warn({ error }, 'delivery not gone on with, will be tried again');
  });
  const answered = new AbortController();
  await Promise.race([settled, pause(ANSWER_MS, AbortSignal.any([signal, answered.signal]))]);
  answered.abort();
}

const LIMITS = { maxOutputLength: MAX_BODY };

export const replyWithDelivery = async (store: SettleParts['store'], stream: string): Promise<DeliveryReply> =>
  (await replyWithShown(store, stream, deliveryCodec.decode)) as DeliveryReply;

type WithWebhook = PresentRepository & { readonly webhook: NonNullable<PresentRepository['webhook']> };

/** @throws WEBHOOK_NOT_FOUND also for a code that was exchanged for another */
async function repositoryOf({ store }: ReceiveParts, code: string): Promise<WithWebhook> {
  const stream = streams.webhook(code);
  const { state: owner } = await loadState({ store, decider: webhookReservation, codec: webhookCodec }, stream);
  if (!owner) throw new AppError('WEBHOOK_NOT_FOUND');
  const parts = { store, decider: repository, codec: repositoryCodec };
  const { state } = await loadState(parts, streams.repository(owner.namespace, owner.repoName));
  if (state.phase !== 'present' || state.webhook?.code !== code) throw new AppError('WEBHOOK_NOT_FOUND');
  return { ...state, webhook: state.webhook };
}

/** @throws WEBHOOK_PROOF_INVALID, WEBHOOK_SECRET_MISSING; each is logged, with whose webhook it was */
function assertProven({ secretKeys, clock, logger }: ReceiveParts, present: WithWebhook, sent: Sent): void {
  const { namespace, repoName, source, webhook } = present;
  const secret = webhook.secret && openSealed(webhook.secret, bindingOf(webhook.code), secretKeys, 'SECRET_UNREADABLE');
  try {
    const proof = proofOf(source.client, sent, secret && secret.toString(), Date.parse(clock.now()));
    if (proof === 'good') return;
    const code = proof === 'bad' ? 'WEBHOOK_PROOF_INVALID' : 'WEBHOOK_SECRET_MISSING';
    logger.warn({ namespace, repoName, client: source.client, code }, 'delivery refused');
    throw new AppError(code);
  } finally {
    secret?.fill(0);
  }
}

/** Answers its event stream. */
async function storeDelivery(
  { store, clock }: ReceiveParts,
  { namespace, repoName, configId, source, webhook }: WithWebhook,
  { sent, correlationId }: { readonly sent: Sent; readonly correlationId: string },
): Promise<string> {
  const { client } = source;
  const { changes, note } = pushOf(client, sent.headers, payloadOf(sent));
  if (changes.length > MAX_CHANGES) throw new AppError('DELIVERY_INVALID', { client });
  const digest = sha256(sent.body);
  const deliveryId = idOf(sent.headers) ?? sha256(`${digest}/${sent.headers['x-gitee-timestamp'] ?? ''}`);
  const code: WebhookCode = webhook.code;
  const stream = streams.delivery(code, deliveryId);
  const [runId, at] = [uuidV5(stream), clock.now()];
  const origin = { code, namespace, repoName, configId, client };
  const told = { event: eventOf(client, sent.headers).slice(0, 100), digest, changes: [...changes], note };
  const data = { ...origin, deliveryId, runId, ...told, mustConfirm: !coversRefs(client), at };
  const context = { commandId: runId, at, actor: ACTOR, correlationId };
  await commandHandler(store, delivery, deliveryCodec)(stream, { type: 'ReceiveDelivery', data }, context);
  return stream;
}

const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

/** What hosts name a delivery by, the same in every try; undefined: this one does not. */
const idOf = (headers: Sent['headers']): string | undefined =>
  [headers['x-github-delivery'], headers['x-request-uuid']].find((id) => id !== undefined && ID.test(id));
const ID = /^[A-Za-z0-9-]{8,64}$/;

/** JSON, or a form whose `payload` is JSON. @throws REQUEST_MALFORMED */
function payloadOf({ headers, body }: Sent): unknown {
  const text = new TextDecoder().decode(body);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
  try {
    return JSON.parse(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text);
  } catch (cause) {
    throw new AppError('REQUEST_MALFORMED', {}, { cause });
  }
}
