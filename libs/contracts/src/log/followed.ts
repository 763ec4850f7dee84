import { z } from 'zod';
import { BuildState, BuildStatus, StepView } from '../build/view.js';
import { Instant } from '../names.js';
import { LogLineView } from './line.js';

/** An event without a name: a line. Its `id` is the line's number. */
export const FollowedLine = LogLineView.extend({ line: z.int().positive().describe('From 1 over the whole build.') });
export type FollowedLine = z.infer<typeof FollowedLine>;

/** The event `status`: what a progress bar needs. */
export const FollowedStatus = z.object({
  status: BuildStatus,
  state: BuildState,
  step_at: z.int(),
  attempt: z.int(),
  agent: z.string().nullable(),
  code_head_commit: z.string().nullable(),
  started_at: Instant.nullable(),
  ended_at: Instant.nullable(),
  step: StepView.nullable().describe('The Dockerfile step that began last.'),
});
export type FollowedStatus = z.infer<typeof FollowedStatus>;

/** The event `end`, the last one. */
export const FollowedEnd = z.object({ status: BuildStatus, state: BuildState, total_lines: z.int().nonnegative() });
export type FollowedEnd = z.infer<typeof FollowedEnd>;

/** `data` of each event of `GET /v1/builds/{id}/logs/stream`. */
export const FollowedEvent = z.union([FollowedLine, FollowedStatus, FollowedEnd]);
export type FollowedEvent = z.infer<typeof FollowedEvent>;
