import { z } from 'zod';

/**
 * Why a build failed. `infrastructure`: not the user's doing; an attempt that ends so is given back, and another agent
 * tries. Source: docs/adr/0031-infrastructure-failures.md.
 * docs/ERRORS.md lists the same codes; a test compares both ways.
 */
export const FAILURES = {
  SOURCE_URL_REFUSED: { infrastructure: false, text: 'The clone URL is not allowed.' },
  SOURCE_ADDRESS_REFUSED: { infrastructure: false, text: 'The code host has a private address.' },
  SOURCE_REPOSITORY_NOT_FOUND: {
    infrastructure: false,
    text: 'The code repository does not exist or is not readable.',
  },
  SOURCE_ACCESS_DENIED: { infrastructure: false, text: 'The code host refused access.' },
  SOURCE_HOST_KEY_UNKNOWN: { infrastructure: false, text: 'No key of the code host is pinned.' },
  SOURCE_HOST_KEY_CHANGED: { infrastructure: false, text: 'The code host shows another key than the pinned one.' },
  SOURCE_REF_NOT_FOUND: { infrastructure: false, text: 'The code repository has no such branch or tag.' },
  SOURCE_COMMIT_NOT_FOUND: { infrastructure: false, text: 'The code repository has no such commit.' },
  SOURCE_TOO_LARGE: { infrastructure: false, text: 'The source is larger than allowed.' },
  SOURCE_TIMEOUT: { infrastructure: false, text: 'Fetching the source took too long.' },
  SOURCE_UNREACHABLE: { infrastructure: true, text: 'The code host could not be reached.' },
  CONTEXT_NOT_FOUND: { infrastructure: false, text: 'The build context path does not exist in the repository.' },
  CONTEXT_TOO_LARGE: { infrastructure: false, text: 'The build context is larger than allowed.' },
  DOCKERFILE_NOT_FOUND: { infrastructure: false, text: 'There is no Dockerfile at this path.' },
  DOCKERFILE_INVALID: { infrastructure: false, text: 'The Dockerfile cannot be parsed.' },
  DOCKERFILE_STEP_FAILED: { infrastructure: false, text: 'A step of the Dockerfile failed.' },
  FRONTEND_REFUSED: { infrastructure: false, text: 'A `# syntax=` frontend other than the built-in one is not run.' },
  BASE_IMAGE_NOT_FOUND: { infrastructure: false, text: 'A base image does not exist or is not readable.' },
  BUILD_SILENT_TIMEOUT: { infrastructure: false, text: 'The build printed nothing for too long.' },
  BUILD_TIMEOUT: { infrastructure: false, text: 'The build took too long.' },
  BUILD_MEMORY_LIMIT: { infrastructure: false, text: 'A step needed more memory than it may have.' },
  BUILD_PROCESS_LIMIT: { infrastructure: false, text: 'A step started more processes than it may have at once.' },
  BUILD_DISK_LIMIT: { infrastructure: false, text: 'The build wrote more than the disk has room for.' },
  NETWORK_UNSUPPORTED: { infrastructure: true, text: 'The agent cannot hold the build to its network policy.' },
  SECRETS_UNSUPPORTED: { infrastructure: false, text: 'Only BuildKit gives secrets to a build.' },
  SECRETS_UNREADABLE: { infrastructure: false, text: 'A secret of the build cannot be opened; set it again.' },
  SECRETS_UNAVAILABLE: { infrastructure: true, text: 'Nobody answered who could give the secrets of the build.' },
  ENGINE_UNAVAILABLE: { infrastructure: true, text: 'The container engine did not answer.' },
  REGISTRY_UNAVAILABLE: { infrastructure: true, text: 'The image registry did not answer.' },
  PUSH_FAILED: { infrastructure: false, text: 'The image registry refused the image.' },
  DISK_FULL: { infrastructure: true, text: 'The agent ran out of disk.' },
  WORKSPACE_FAILED: { infrastructure: true, text: 'The agent could not use its workspace.' },
  AGENT_STOPPING: { infrastructure: true, text: 'The agent was taken out of service before the build had ended.' },
  ATTEMPTS_EXHAUSTED: { infrastructure: true, text: 'Every attempt ended for a reason outside of the build.' },
  REPOSITORY_DELETED: { infrastructure: false, text: 'The image repository was deleted before the build began.' },
  INTERNAL: { infrastructure: true, text: 'The agent ran into a bug of its own.' },
} as const satisfies Record<string, { infrastructure: boolean; text: string }>;

export type FailureCode = keyof typeof FAILURES;
export const FailureCode = z.enum(Object.keys(FAILURES) as [FailureCode, ...FailureCode[]]);

export const Failure = z.object({
  code: FailureCode,
  /** For a person: what, where, exit code. */
  message: z.string(),
  /** The Dockerfile step, as BuildKit words it (`[stage 2/5] RUN make`); null outside the Dockerfile. */
  step: z.string().nullable(),
  exitCode: z.int().nullable(),
  /** The last lines of that step's output, oldest first. */
  lastLines: z.array(z.string()),
});
export type Failure = z.infer<typeof Failure>;
