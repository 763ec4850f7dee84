import { z } from 'zod';

/** Why a pushed ref does not start a build, or not yet. docs/ERRORS.md lists the same; a test compares. */
export const SKIP_REASONS = {
  NO_RULE: 'No tag config is for this branch or tag.',
  NOT_ACTIVE: 'The tag config for it has continuous build switched off.',
  TAG_INVALID: 'What `docker_repo_tag` makes of it is not a valid image tag.',
  TAG_TAKEN: 'Another tag config makes the same image tag of it.',
} as const satisfies Record<string, string>;

export const SkipReason = z.enum(Object.keys(SKIP_REASONS) as [keyof typeof SKIP_REASONS]);
export type SkipReason = keyof typeof SKIP_REASONS;
