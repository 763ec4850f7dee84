import { createTransport } from 'nodemailer';
import type { Secret } from '@slipway/platform';
import type { EventStore } from '@slipway/event-store';
import { toldBuild } from '../builds/told-build.js';
import { failed, failedForGood, type Channel, type Outcome } from '../channel.js';
import { addressOf } from './address.js';
import { messageOf } from './message.js';

export interface MailChannelParts {
  readonly store: EventStore;
  readonly publicUrl: string;
  /** undefined: no mail is sent. */
  readonly settings: { readonly smtpUrl: Secret; readonly from: string } | undefined;
}

const LIMITS = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 }; // ms
const KEPT_CHARACTERS = 1_024;

/** Mails the owner of a repository what became of a build. */
export function mailChannel({ store, publicUrl, settings }: MailChannelParts): Channel {
  if (settings === undefined) return () => Promise.resolve(failedForGood('Mail is switched off.'));
  const transport = createTransport(settings.smtpUrl.reveal(), {
    ...LIMITS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ notificationId, target, buildId, eventNumber }) => {
    if (target.kind !== 'mail') throw new Error(`mail does not go to a ${target.kind}`);
    const address = await addressOf(store, target.userName);
    if (address === undefined) return failedForGood('The user has no address.');
    const { build } = await toldBuild(store, { buildId, eventNumber });
    const message = {
      ...messageOf(build, publicUrl),
      from: settings.from,
      to: { name: '', address },
      // The same in every try, so that a mailbox can drop what it has had already.
      messageId: `<${notificationId}@${new URL(publicUrl).hostname}>`,
      headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: no answer of a holiday is wanted
    };
    return transport.sendMail(message).then(
      ({ response }): Outcome => ({ kind: 'told', answer: answerOf(response) }),
      (error: unknown) => refused(error),
    );
  };
}

const answerOf = (response: string, status?: number) => ({
  status: status ?? (Number.parseInt(response, 10) || null),
  body: response.slice(0, KEPT_CHARACTERS),
});

/** 5xx is for good, 4xx for now. Source: RFC 5321, section 4.2.1. */
function refused(error: unknown): Outcome {
  const {
    responseCode,
    response = '',
    code = 'unknown',
  } = error as {
    readonly responseCode?: number;
    readonly response?: string;
    readonly code?: string;
  };
  if (responseCode === undefined) return failed(`The mail server did not answer: ${code}.`);
  const why = `The mail server answered ${responseCode}.`;
  const answer = answerOf(response, responseCode);
  return responseCode >= 500 ? failedForGood(why, answer) : failed(why, answer);
}
