import { z } from 'zod';

/** Why a pushed ref does not start a build, or not yet. docs/ERRORS.md lists the same; a test compares. */
export const SKIP_REASONS = {
  NO_RULE: 'No tag config is for this branch or tag.',
  NOT_ACTIVE: 'The tag config for it has continuous build switched off.',
  TAG_INVALID: 'What `docker_repo_tag` makes of it is not a valid image tag.',
  TAG_TAKEN: 'Another tag config makes the same image tag of it.',
  REF_DELETED: 'The branch or tag was deleted.',
  REF_UNUSABLE: 'It is neither a branch nor a tag, or has a name that no build can have.',
  REF_MOVED: 'The code host says that the branch or tag is elsewhere by now, or gone.',
  REF_UNCONFIRMED: 'The code host could not be asked where the branch or tag is.',
  ALREADY_FOUND: 'A comparison of refs found the same push before this told of it, and asked for the build.',
  NOT_A_PUSH: 'The code host told of something else than a push.',
  PING: 'The code host only tried whether the webhook answers.',
  BUILD_REFUSED: 'The build was asked for and refused.',
  REPOSITORY_GONE: 'The image repository is not there any more.',
} as const satisfies Record<string, string>;

export const SkipReason = z.enum(Object.keys(SKIP_REASONS) as [keyof typeof SKIP_REASONS]);
export type SkipReason = keyof typeof SKIP_REASONS;
