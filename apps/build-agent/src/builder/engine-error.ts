import { BuildFailure, type BuildFailureCode } from './build-failure.js';
import type { EngineError } from './build-progress.js';

/** A registry that may answer next time. A host that does not exist is the Dockerfile's mistake. */
const UNREACHABLE =
  /connection refused|connection reset|i\/o timeout|TLS handshake|deadline exceeded|Client\.Timeout|server misbehaving|temporary failure|network is unreachable|unexpected EOF|: EOF|toomanyrequests|\b429 Too Many|\b50[0234]\b/i;
const FETCHES_BASE_IMAGE = /^\[internal\] load metadata for |^\[[^\]]*\] FROM /;
/** As it says so of an image that `COPY --from` or a mount names: no stage begins with it, so no step is for it. */
const IMAGE_REFUSED = /^failed to load cache key: .*(?:status code \[[^\]]*\]: 40[134]\b|: not found$|access denied)/i;
/** An `ADD <url>`: the place that the Dockerfile names does not give what it should, whichever agent asks. */
const URL_REFUSED = /^failed to load cache key: (?:invalid response status \d|Get ")/;
const INVALID_NAME = /invalid reference format/i;
const UNREADABLE_DOCKERFILE =
  /dockerfile parse error|parse error|unknown instruction|failed to create LLB definition|failed to parse|no build stage|base name .* should not be blank|file with no instructions|circular dependency|invalid from flag value|cannot be empty/i;
/** Of the machine, whatever step meets it first. */
const DISK_FULL = /no space left on device|disk quota exceeded/i;
const ENGINE_TROUBLE = /cannot allocate memory|no active session|transport is closing|input\/output error/i;

/** What the engine said, as a failure of our own. Its words are its own and may change: the rest is by structure. */
export function classifyBuildError({ message, during, step }: EngineError): BuildFailure {
  const text = message.trim();
  if (DISK_FULL.test(text) && step?.exitCode === undefined) return new BuildFailure('DISK_FULL', text);
  if (ENGINE_TROUBLE.test(text) && step?.exitCode === undefined) return new BuildFailure('ENGINE_UNAVAILABLE', text);
  if (INVALID_NAME.test(text)) return new BuildFailure('DOCKERFILE_INVALID', text);
  if (during !== undefined && FETCHES_BASE_IMAGE.test(during))
    return new BuildFailure(UNREACHABLE.test(text) ? 'REGISTRY_UNAVAILABLE' : 'BASE_IMAGE_NOT_FOUND', text);
  if (!step && IMAGE_REFUSED.test(text)) return new BuildFailure('BASE_IMAGE_NOT_FOUND', text);
  if (!step && URL_REFUSED.test(text)) return new BuildFailure('DOCKERFILE_STEP_FAILED', text);
  if (step) return new BuildFailure('DOCKERFILE_STEP_FAILED', text, { step });
  return new BuildFailure(UNREADABLE_DOCKERFILE.test(text) ? 'DOCKERFILE_INVALID' : 'ENGINE_UNAVAILABLE', text);
}

export function classifyPushError(message: string): BuildFailure {
  const isUnreachable = UNREACHABLE.test(message) || /no such host|no space left on device/i.test(message);
  return new BuildFailure(isUnreachable ? 'REGISTRY_UNAVAILABLE' : 'PUSH_FAILED', message.trim());
}

/**
 * An error of the HTTP request itself: the engine refused it, or is not there.
 * @param refusedAs what a 4xx means for this request
 */
export function classifyRequestError(error: unknown, refusedAs: BuildFailureCode): BuildFailure {
  if (error instanceof BuildFailure) return error;
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  const isRefusal = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return new BuildFailure(isRefusal ? refusedAs : 'ENGINE_UNAVAILABLE', message?.trim(), { cause: error });
}
