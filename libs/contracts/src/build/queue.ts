import { z } from 'zod';
import { BuildId, Instant } from '../names.js';

/** Why a build waits. Of several that hold, the first in this order is said. */
export const WaitingReason = z.enum([
  'namespace_limit',
  'no_agent',
  'agents_paused',
  'next_attempt',
  'next',
  'agents_busy',
]);
export type WaitingReason = z.infer<typeof WaitingReason>;

/** On `query.build.place`. `position`: of the build's request in `$all`, which the answer has to regard. */
export const BuildPlaceQuery = z.object({ buildId: BuildId, position: z.int().nonnegative() });
export type BuildPlaceQuery = z.infer<typeof BuildPlaceQuery>;

/** Where a build that waits stands, as one orchestrator sees it now. */
export const BuildPlace = z.object({
  waitingReason: WaitingReason,
  /** Builds that get an agent before it. */
  ahead: z.int().nonnegative(),
  /** Of the agents that could take it. */
  slots: z.int().nonnegative(),
  /** Of those, without a build. */
  free: z.int().nonnegative(),
});
export type BuildPlace = z.infer<typeof BuildPlace>;

/** null: it does not wait, as far as is known. */
export const BuildPlaceReply = z.object({ place: BuildPlace.nullable() });
export type BuildPlaceReply = z.infer<typeof BuildPlaceReply>;

/** `queue` in the answer of `GET /v1/builds/{id}`. */
export const BuildQueueView = z.object({
  position: z
    .int()
    .positive()
    .describe(
      'The next one has 1. Builds that get an agent before it are counted, of all namespaces in their turns; at `namespace_limit` those of its own.',
    ),
  waiting_reason: WaitingReason.describe(
    '`namespace_limit`: its namespace has as many running as it may; `no_agent`: no live agent can take it; ' +
      '`agents_paused`: all that could take no jobs for now; `next_attempt`: an attempt was lost, the next agent is awaited; ' +
      '`next`: it is its turn; `agents_busy`: others are before it. The first that holds.',
  ),
  expected_start: Instant.nullable().describe(
    'A guess, from how long the last 20 builds of the repository that succeeded took; if none did, those that failed. Null: there is none, or no agent.',
  ),
});
export type BuildQueueView = z.infer<typeof BuildQueueView>;
