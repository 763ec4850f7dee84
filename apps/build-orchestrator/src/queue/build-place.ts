import { suits, type BuildPlaceQuery, type BuildPlaceReply, type WaitingReason } from '@slipway/contracts';
import type { AgentRegistry } from '../agents/agent-registry.js';
import type { OpenBuild, OpenBuilds } from '../relay/open-builds.js';
import type { Place } from './build-queue.js';
import type { ReadyAgent } from './capacity.js';
import { agentOf } from './ready-agents.js';

/** How long the relay may take to read up to the build, ms: less than the asker waits. */
const REACH_LIMIT_MS = 300;

/** Where a build stands that waits for an agent, and why it waits. Changes nothing. */
export async function placeOfBuild(
  { open, agents }: { readonly open: OpenBuilds; readonly agents: Pick<AgentRegistry, 'live'> },
  { buildId, position }: BuildPlaceQuery,
): Promise<BuildPlaceReply> {
  const isKnown = (await open.completes(REACH_LIMIT_MS)) && (await open.reaches(position, REACH_LIMIT_MS));
  const build = isKnown ? open.get(buildId) : undefined;
  if (!build || build.stage === 'running') return { place: null };
  const place = open.queue.placeOf(build);
  const { ahead, capacity } = place;
  const waitingReason = waitingReasonOf(build, place, () => agents.live().map(agentOf));
  return { place: { waitingReason, ahead, slots: capacity.slots, free: capacity.free } };
}

/** The first that holds. `live`: all that are there, whether they take jobs now or not. */
export function waitingReasonOf(
  build: Pick<OpenBuild, 'attempt' | 'buildNode' | 'labels' | 'networkPolicy'>,
  { isHeldBack, capacity, ahead }: Place,
  live: () => readonly ReadyAgent[],
): WaitingReason {
  if (isHeldBack) return 'namespace_limit';
  if (capacity.agents === 0) return live().some((agent) => suits(agent, build)) ? 'agents_paused' : 'no_agent';
  if (build.attempt > 0) return 'next_attempt';
  return ahead === 0 || ahead < capacity.free ? 'next' : 'agents_busy';
}
