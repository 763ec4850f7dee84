import { AppError } from '@slipway/kernel';
import { failed, failedForGood, type Outcome } from './channel.js';

/** What it means that a request got no answer. */
export function outcomeWithoutAnswer(error: unknown): Outcome {
  if (error instanceof AppError && error.code === 'ADDRESS_REFUSED')
    return failedForGood('The target has a private address.');
  return failed(`The target did not answer: ${reasonOf(error)}.`);
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'too slow';
  if (error.cause instanceof Error) return 'code' in error.cause ? String(error.cause.code) : error.cause.message;
  return error.message;
}
