import { needsOf, suits } from '@slipway/contracts';
import { agentsThatGaveUp, type Build } from '@slipway/domain';
import type { ReadyAgent } from '../queue/capacity.js';
import type { JobQueue, OfferedJob } from '../relay/job-queue.js';

/** How long a job stays with an agent that is to leave it to others, ms: it may be the only one with a free slot. */
const AGAIN_MS = 500;

type Known = Exclude<Build, { phase: 'absent' }>;

/**
 * Another agent than the one that gave a build back. Source: docs/adr/0031-infrastructure-failures.md
 * What is planned here and not done, because this orchestrator ends, happens anyway: a job that nobody renews comes again.
 */
export class Elsewhere {
  readonly #planned = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly jobs: Pick<JobQueue, 'offerAnew'>,
    /** Those that take jobs now. */
    private readonly agents: () => readonly ReadyAgent[],
  ) {}

  /** Whether this agent gave the build back, and another one may take it; then its job goes round. */
  mustLeave({ buildId, agentId }: { readonly buildId: string; readonly agentId: string }, build: Known): boolean {
    if (!agentsThatGaveUp(build.lost).has(agentId) || !this.#hasOthers(build)) return false;
    if (!this.#planned.has(buildId)) {
      const offer = (): void => {
        this.#planned.delete(buildId);
        void this.jobs.offerAnew(jobOf(buildId, build));
      };
      this.#planned.set(buildId, setTimeout(offer, AGAIN_MS).unref());
    }
    return true;
  }

  /** An attempt was given back: others get the job at once; whoever is alone gets it when its lease would have run out. */
  async givenBack(buildId: string, build: Known): Promise<void> {
    if (this.#hasOthers(build)) await this.jobs.offerAnew(jobOf(buildId, build));
  }

  #hasOthers({ lost, spec }: Known): boolean {
    const gaveUp = agentsThatGaveUp(lost);
    const needs = needsOf(spec);
    return this.agents().some((agent) => suits(agent, needs) && !gaveUp.has(agent.agentId));
  }
}

const jobOf = (buildId: string, { spec, requestedAt, attempt }: Known): OfferedJob => ({
  buildId,
  ...needsOf(spec),
  requestedAt,
  attempt,
});
