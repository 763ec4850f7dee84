import type { Claimant, ClaimReply, ClaimRequest } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';

/** Decided at once. More of them would not be faster, and would hold up renewals and reports. */
export const AT_ONCE = 16;

/** @throws SERVICE_UNAVAILABLE when no agent waits for the answer any more */
export type AssertWanted = () => void;

interface Claim {
  readonly claimant: Claimant;
  /** Steady, ms; later when the agent asks again. */
  wantedUntil: number;
  readonly begin: () => void;
  readonly reply: Promise<ClaimReply>;
}

/**
 * Claims in the order in which they came. When hundreds of agents claim at once, the first are answered soon and the
 * others in turn, instead of all too late. An agent that asks again has the place and the answer of its first question;
 * what nobody waits for any more is dropped undecided, so that no lease is recorded that nobody knows of.
 */
export class ClaimLine {
  readonly #claims = new Map<string, Claim>();
  readonly #waiting: Claim[] = [];
  #underWay = 0;

  constructor(
    private readonly decide: (claimant: Claimant, assertWanted: AssertWanted) => Promise<ClaimReply>,
    private readonly steadyMs: () => number = () => performance.now(),
  ) {}

  /** @throws SERVICE_UNAVAILABLE when it was not its turn within `waitMs`; what `decide` throws */
  ask({ waitMs, ...claimant }: ClaimRequest): Promise<ClaimReply> {
    const wantedUntil = this.steadyMs() + waitMs;
    const known = this.#claims.get(claimant.leaseId);
    const claim = known ?? this.#add(claimant, wantedUntil);
    claim.wantedUntil = Math.max(claim.wantedUntil, wantedUntil);
    this.#next();
    return claim.reply;
  }

  #add(claimant: Claimant, wantedUntil: number): Claim {
    const { promise: turn, resolve: begin } = Promise.withResolvers<void>();
    const reply = turn.then(() => this.#decide(claim)).finally(() => this.#end(claim));
    const claim: Claim = { claimant, wantedUntil, begin, reply };
    this.#claims.set(claimant.leaseId, claim);
    this.#waiting.push(claim);
    return claim;
  }

  #decide(claim: Claim): Promise<ClaimReply> {
    const assertWanted = (): void => {
      if (this.steadyMs() < claim.wantedUntil) return;
      const { buildId } = claim.claimant;
      throw new AppError('SERVICE_UNAVAILABLE', { reason: 'nobody waits for the claim', buildId });
    };
    assertWanted();
    return this.decide(claim.claimant, assertWanted);
  }

  #end({ claimant }: Claim): void {
    this.#claims.delete(claimant.leaseId);
    this.#underWay--;
    this.#next();
  }

  #next(): void {
    while (this.#underWay < AT_ONCE) {
      const first = this.#waiting.shift();
      if (!first) return;
      this.#underWay++;
      first.begin();
    }
  }
}
