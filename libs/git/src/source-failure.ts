import { FAILURES, type FailureCode } from '@slipway/contracts';

/** Of the source, or of the machine that fetches it. */
export type SourceFailureCode = Extract<FailureCode, `SOURCE_${string}` | 'DISK_FULL' | 'WORKSPACE_FAILED'>;

/** A known end of a fetch without a source. Message and lines may be shown to the user: they hold no credentials. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
  readonly infrastructure: boolean;

  constructor(
    readonly code: SourceFailureCode,
    message: string,
    /** What git said last, oldest first. */
    readonly lastLines: readonly string[] = [],
  ) {
    super(message);
    this.infrastructure = FAILURES[code].infrastructure;
  }
}
