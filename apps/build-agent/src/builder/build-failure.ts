import { FAILURES, type FailureCode } from '@slipway/contracts';

/** What can go wrong in a builder. */
export type BuildFailureCode = Extract<
  FailureCode,
  | `CONTEXT_${string}`
  | `DOCKERFILE_${string}`
  | `BUILD_${string}`
  | `SECRETS_${string}`
  | 'NETWORK_UNSUPPORTED'
  | 'FRONTEND_REFUSED'
  | 'BASE_IMAGE_NOT_FOUND'
  | 'DISK_FULL'
  | 'ENGINE_UNAVAILABLE'
  | 'PUSH_FAILED'
  | 'REGISTRY_UNAVAILABLE'
>;

export interface FailedStep {
  readonly name: string;
  /** Place in the order of starting, from 1. */
  readonly index: number;
  /** Of the command; absent when the step failed without running one. */
  readonly exitCode?: number;
}

/** A known end of a build without an image. `message` may be shown to the user: it holds no secret. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure';
  readonly infrastructure: boolean;
  readonly step: FailedStep | undefined;

  /** @param detail what exactly, with ids, names and counts; without it the code's own sentence stands alone */
  constructor(
    readonly code: BuildFailureCode,
    detail?: string,
    options: ErrorOptions & { readonly step?: FailedStep } = {},
  ) {
    super(detail ?? FAILURES[code].text, options);
    this.infrastructure = FAILURES[code].infrastructure;
    this.step = options.step;
  }
}
