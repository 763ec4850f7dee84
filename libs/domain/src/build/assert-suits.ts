import { needsOf, suits, type BuildSpec } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import type { BuildCommandData } from './commands.js';

/**
 * Jobs are offered to agents that suit, and passed on by those that do not; this is for one that claims all the same.
 * @throws AGENT_UNSUITED
 */
export function assertSuits(
  { buildId, agentId, traits }: Pick<BuildCommandData<'ClaimAttempt'>, 'buildId' | 'agentId' | 'traits'>,
  spec: BuildSpec,
): void {
  if (traits && !suits(traits, needsOf(spec))) throw new AppError('AGENT_UNSUITED', { buildId, agentId });
}
