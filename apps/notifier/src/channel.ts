import type { TargetAnswer } from '@slipway/contracts';
import type { PresentNotification } from '@slipway/domain';

export interface Told extends PresentNotification {
  readonly notificationId: string;
}

/** What became of one try. `isFinal`: another one would not go better. */
export type Outcome =
  | { readonly kind: 'told'; readonly answer: TargetAnswer }
  | {
      readonly kind: 'failed';
      readonly why: string;
      readonly isFinal: boolean;
      readonly answer: TargetAnswer;
      /** What the other side asked to be left alone for, ms. */
      readonly askedPauseMs?: number;
    };

/**
 * One way to tell somebody. Called again for the same notification after a failure, and after a crash that came between
 * sending and recording, so what it sends carries the notification's id. Has a time limit of its own.
 * @throws STORE_UNAVAILABLE; then nothing was sent
 */
export type Channel = (told: Told) => Promise<Outcome>;

export const NO_ANSWER: TargetAnswer = { status: null, body: null };

export const failed = (why: string, answer = NO_ANSWER): Outcome => ({ kind: 'failed', why, isFinal: false, answer });
export const failedForGood = (why: string, answer = NO_ANSWER): Outcome => ({
  kind: 'failed',
  why,
  isFinal: true,
  answer,
});
