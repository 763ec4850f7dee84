import type { ErrorEntryView } from './api.js';

/** What the API refused, and why. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    /** Empty where the answer was not the API's own. */
    readonly errors: readonly ErrorEntryView[],
  ) {
    super(errors.map(({ message }) => message).join('; ') || `the answer was ${status}`);
  }
}

/** From the body of an answer, whoever wrote it. */
export function refusalOf(status: number, body: unknown): ApiError {
  const isOurs = typeof body === 'object' && body !== null && 'errors' in body && Array.isArray(body.errors);
  return new ApiError(status, isOurs ? (body.errors as readonly ErrorEntryView[]) : []);
}
