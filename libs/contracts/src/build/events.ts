import { z } from 'zod';
import { ActorName, BuildId, CommitId, Digest, ImageTag, Instant } from '../names.js';
import { Failure } from './failure.js';
import { BuildSpec } from './spec.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({ type: z.literal(type), data: z.object({ buildId: BuildId, ...data, at: Instant }) });
const attempt = z.int().positive();
/** The whole log, over all attempts: its lines, and the bytes it takes in the event store. Absent: not counted yet. */
const log = { logLines: z.int().nonnegative(), logBytes: z.int().nonnegative().optional() };

/** A step of the Dockerfile. `cached` is null until it has ended. */
export const BuildStep = z.object({
  index: z.int().positive(),
  total: z.int().positive(),
  /** As BuildKit words it: `[stage 2/5] RUN make`. */
  name: z.string(),
  cached: z.boolean().nullable(),
});
export type BuildStep = z.infer<typeof BuildStep>;

export const Phase = z.enum(['starting', 'cloning', 'building', 'pushing']);
export type Phase = z.infer<typeof Phase>;

/** What became of one public tag. `moved: false`: a newer build has it, this one is superseded for the tag. */
export const TagResult = z.object({ tag: ImageTag, moved: z.boolean() });
export type TagResult = z.infer<typeof TagResult>;

export const BuildEvent = z.discriminatedUnion('type', [
  event('BuildRequested', { spec: BuildSpec }),
  event('AttemptLeased', { attempt, agentId: z.string(), leaseId: z.uuid() }),
  /** `failure`: what its agent could not help, and gave the attempt back for; without it the agent fell silent. */
  event('AttemptLost', { attempt, why: z.string(), failure: Failure.optional() }),
  event('SourceResolved', { attempt, commit: CommitId }),
  event('StepAdvanced', { attempt, stepAt: z.int().min(1).max(50), phase: Phase, step: BuildStep.nullable() }),
  /** The image lies in the registry under the own tag of the attempt. */
  event('ImagePushed', { attempt, imageId: Digest, digest: Digest, size: z.int().nonnegative() }),
  event('TagsMoved', { attempt, tags: z.array(TagResult) }),
  event('BuildSucceeded', {
    attempt,
    imageId: Digest,
    digest: Digest,
    size: z.int().nonnegative(),
    tags: z.array(TagResult),
    ...log,
  }),
  event('BuildFailed', { attempt: z.int().nonnegative(), failure: Failure, ...log }),
  /** From here on nothing is published any more: whatever its agent says next, the build ends as cancelled. */
  event('CancelRequested', { by: ActorName }),
  event('BuildCancelled', { attempt: z.int().nonnegative(), by: ActorName, ...log }),
  /** An ended build leaves the lists. Its record and its events stay. */
  event('BuildRemoved', { by: ActorName }),
]);
export type BuildEvent = z.infer<typeof BuildEvent>;
export type BuildEventOf<T extends BuildEvent['type']> = Extract<BuildEvent, { type: T }>;
