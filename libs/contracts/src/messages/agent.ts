import { z } from 'zod';
import { AgentId, AgentLabels, AgentTraits } from '../agent/heartbeat.js';
import { BuildStep, Phase, TagResult } from '../build/events.js';
import { Failure } from '../build/failure.js';
import { BuildSpec } from '../build/spec.js';
import { ActorName, BuildId, BuildNode, CommitId, Digest, Instant } from '../names.js';
import { NetworkPolicy } from '../namespace/network-policy.js';

/**
 * A job offers a build to the agents of its build node that have its labels and can hold it to its network policy; the
 * others pass it on. What to build is told to the one that claims it. An agent that does not know the `version` leaves
 * the build to others.
 */
export const Job = z.object({
  version: z.literal(1).default(1),
  buildId: BuildId,
  buildNode: BuildNode,
  requestedAt: Instant,
  labels: AgentLabels.default({}),
  networkPolicy: NetworkPolicy.default('full'),
});
export type Job = z.infer<typeof Job>;

/** Names the holder; in every word an agent says about a build. */
export const Lease = z.object({ buildId: BuildId, agentId: AgentId, leaseId: z.uuid() });
export type Lease = z.infer<typeof Lease>;

/** On `cmd.build.claim`. Safe to repeat with the same lease id while it is not answered: it is one claim. */
export const ClaimRequest = z.object({
  ...Lease.shape,
  /** What the agent is. Absent: it is of a version that did not say so, and is believed. */
  traits: AgentTraits.optional(),
  /** How long the agent waits for this answer: what is not decided by then is not wanted any more, ms. */
  waitMs: z.int().positive(),
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/** What an agent says of itself when it claims. */
export type Claimant = Omit<ClaimRequest, 'waitMs'>;

export const ClaimReply = z.discriminatedUnion('answer', [
  z.object({ answer: z.literal('granted'), attempt: z.int().positive(), requestedAt: Instant, spec: BuildSpec }),
  /** The build has ended: the job is to be acknowledged away. */
  z.object({ answer: z.literal('over') }),
  /**
   * Another agent answers that it is at it, or the namespace has as many running as it may: say nothing, the job comes
   * again.
   */
  z.object({ answer: z.literal('held') }),
]);
export type ClaimReply = z.infer<typeof ClaimReply>;

/**
 * `current`: go on. `stale`: somebody newer holds the build; stop, and say nothing to JetStream.
 * `over`: the build has ended, and this lease was the last to hold it.
 * `cancelled`: the lease is current, but `by` wants the build to end: stop the work on it, and report when it has stopped.
 */
export const RenewReply = z.discriminatedUnion('lease', [
  z.object({ lease: z.enum(['current', 'stale', 'over']) }),
  z.object({ lease: z.literal('cancelled'), by: ActorName }),
]);
export type RenewReply = z.infer<typeof RenewReply>;

/** The image lies in the registry under the build's own tag; move the public ones. */
export const PublishRequest = z.object({
  ...Lease.shape,
  /** What the image was made of; the report that says so may still be on its way. */
  commit: CommitId,
  imageId: Digest,
  digest: Digest,
  size: z.int().nonnegative(),
});
export type PublishRequest = z.infer<typeof PublishRequest>;

export const PublishReply = z.object({ tags: z.array(TagResult) });
export type PublishReply = z.infer<typeof PublishReply>;

const report = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({
    type: z.literal(type),
    reportId: z.uuid(),
    ...Lease.shape,
    attempt: z.int().positive(),
    at: Instant,
    ...data,
  });

/** What an agent says on BUILD_EVENTS. It becomes an event when `decide` finds that its lease is the current one. */
export const Report = z.discriminatedUnion('type', [
  report('source-resolved', { commit: CommitId }),
  report('step-advanced', { stepAt: z.int().min(1).max(50), phase: Phase, step: BuildStep.nullable() }),
  /** The last one. `logLines`: how many lines the agent sent in this attempt. */
  report('ended', {
    outcome: z.discriminatedUnion('status', [
      z.object({ status: z.literal('succeeded') }),
      z.object({ status: z.literal('failed'), failure: Failure }),
      /** Nothing of the attempt runs any more. */
      z.object({ status: z.literal('cancelled') }),
    ]),
    logLines: z.int().nonnegative(),
  }),
]);
export type Report = z.infer<typeof Report>;
export type ReportOf<T extends Report['type']> = Extract<Report, { type: T }>;

/** Of a last report what tells whose it is: enough to take its attempt for lost where nobody understands the rest. */
export const LastWord = report('ended', { logLines: z.int().nonnegative() });
export type LastWord = z.infer<typeof LastWord>;

/** Header of a log chunk; its body is what `encodeLogChunk` made. */
export const LogChunkHeader = z.object({
  ...Lease.shape,
  attempt: z.int().positive(),
  /** Number of the first line within the attempt, from 1. */
  firstLine: z.int().positive(),
  lines: z.int().positive(),
});
export type LogChunkHeader = z.infer<typeof LogChunkHeader>;

/** Header name of NATS messages that carry a `LogChunkHeader` as JSON. */
export const LOG_CHUNK_HEADER = 'Slipway-Log-Chunk';

/**
 * On `control.<build_id>`, to whoever holds the build. `look`: something changed; a hint only, the holder asks with a
 * renewal what is true. `alive`: a request; the holder answers with its lease.
 */
export const Control = z.object({ type: z.enum(['look', 'alive']) });
export type Control = z.infer<typeof Control>;
