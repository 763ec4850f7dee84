import type { Failure } from '@slipway/contracts';
import { SourceFailure } from '@slipway/git';
import { AppError } from '@slipway/kernel';
import { BuildFailure } from '../builder/build-failure.js';
import type { SecretMask } from '../mask/secret-mask.js';
import { clip, MESSAGE_CHARS, STEP_CHARS } from './clip.js';
import { machineFailure } from './machine-failure.js';
import type { StepTracker } from './step-tracker.js';

/** What a user is told of an error, without a secret, and no longer than a message may be. `undefined`: a bug, or the end of the lease. */
export function shownFailure(error: unknown, steps: StepTracker, mask: SecretMask): Failure | undefined {
  const failure = failureOf(error, steps);
  if (!failure) return undefined;
  const { message, step, lastLines } = failure;
  return {
    ...failure,
    message: clip(mask.text(message), MESSAGE_CHARS),
    step: step === null ? null : clip(mask.text(step), STEP_CHARS),
    lastLines: lastLines.map(mask.stream()),
  };
}

function failureOf(error: unknown, steps: StepTracker): Failure | undefined {
  if (error instanceof SourceFailure)
    return { code: error.code, message: error.message, step: null, exitCode: null, lastLines: [...error.lastLines] };
  if (error instanceof BuildFailure) {
    const { code, message, step } = error;
    return {
      code,
      message,
      step: step?.name ?? null,
      exitCode: step?.exitCode ?? null,
      lastLines: [...steps.lastLines(step?.name)],
    };
  }
  if (error instanceof AppError && error.code === 'REGISTRY_UNAVAILABLE')
    return { code: 'REGISTRY_UNAVAILABLE', message: error.message, step: null, exitCode: null, lastLines: [] };
  return machineFailure(error);
}
