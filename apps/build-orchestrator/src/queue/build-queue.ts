import { suits, type BuildNeeds } from '@slipway/contracts';
import { capacityOf, windowOf, type Capacity, type ReadyAgent } from './capacity.js';
import { isAtWork, Lane, type LaneBuild } from './lane.js';

export interface QueuedBuild extends LaneBuild, BuildNeeds {
  /** Who has it; undefined: nobody. */
  readonly agentId: string | undefined;
}

/** Where a build that nobody has stands. */
export interface Place {
  /** Builds whose turn comes before; of its own namespace alone, while that one is held back. */
  readonly ahead: number;
  /** While its namespace is held back: what that one may have of it. */
  readonly capacity: Capacity;
  /** Its namespace has as much at work as it may. */
  readonly isHeldBack: boolean;
}

interface OpenLane<Build extends QueuedBuild> {
  readonly lane: Lane<Build>;
  readonly needs: BuildNeeds;
  /** Those of `#agents` that suit. */
  suited: readonly ReadyAgent[];
  /** Of the same build node there are others, too. */
  isMixed: boolean;
}

/**
 * Which of the waiting builds is offered to the agents next. Nothing in it is random or depends on the time, so
 * orchestrators that follow the same events and hear the same agents offer the same builds. Source: docs/adr/0026-fair-share.md
 */
export class BuildQueue<Build extends QueuedBuild> {
  readonly #lanes = new Map<string, OpenLane<Build>>();
  /** Lanes that may have room for one more offer. */
  readonly #stirred = new Set<string>();
  /** Of each namespace in all lanes. */
  readonly #atWork = new Map<string, number>();
  readonly #runningBy = new Map<string, number>();
  readonly #limits = new Map<string, number>();
  #agents: readonly ReadyAgent[] = [];

  /** `limit`: how many builds a namespace may have at work, where `setLimit` says nothing else. */
  constructor(private readonly limit: number = Number.POSITIVE_INFINITY) {}

  /** Who is there now. */
  setAgents(agents: readonly ReadyAgent[]): void {
    this.#agents = agents;
    for (const open of this.#lanes.values()) Object.assign(open, this.#suited(open.needs));
    this.#stir();
  }

  /** How many builds this namespace may have at work. */
  setLimit(namespace: string, limit: number): void {
    if (limit === this.limit) this.#limits.delete(namespace);
    else this.#limits.set(namespace, limit);
    for (const { lane } of this.#lanes.values()) lane.regard(namespace);
    this.#stir();
  }

  /** A build has become another one: new, in another stage, or gone. */
  move(before: Build | undefined, after: Build | undefined): void {
    const build = after ?? before;
    if (!build) return;
    add(this.#runningBy, before?.agentId, -1);
    add(this.#runningBy, after?.agentId, 1);
    add(this.#atWork, build.namespace, Number(isAtWork(after)) - Number(isAtWork(before)));
    this.#laneOf(build).lane.move(before, after);
    if (Number.isFinite(this.#limitOf(build.namespace)))
      for (const { lane } of this.#lanes.values()) lane.regard(build.namespace);
    if (this.#laneOf(build).lane.isEmpty) this.#lanes.delete(keyOf(build));
    this.#stir();
  }

  /** The build to offer next; undefined: enough is offered. The caller moves it to `offered` before it asks again. */
  next(): Build | undefined {
    for (const key of this.#stirred) {
      const open = this.#lanes.get(key);
      const build =
        open && open.lane.offered < windowOf(this.#capacityOf(open), open.isMixed) ? open.lane.next : undefined;
      if (build) return build;
      this.#stirred.delete(key);
    }
    return undefined;
  }

  placeOf(build: Build): Place {
    const open = this.#laneOf(build);
    const capacity = this.#capacityOf(open);
    const isHeldBack = build.stage === 'waiting' && !this.#mayStart(build.namespace);
    if (!isHeldBack) return { ahead: open.lane.ahead(build), capacity, isHeldBack };
    const slots = Math.min(capacity.slots, this.#limitOf(build.namespace));
    return { ahead: open.lane.aheadOfOwn(build), capacity: { ...capacity, slots, free: 0 }, isHeldBack };
  }

  #mayStart(namespace: string): boolean {
    return (this.#atWork.get(namespace) ?? 0) < this.#limitOf(namespace);
  }

  #limitOf(namespace: string): number {
    return this.#limits.get(namespace) ?? this.limit;
  }

  #stir(): void {
    for (const [key, { lane }] of this.#lanes) if (lane.waiting > 0) this.#stirred.add(key);
  }

  #capacityOf({ suited }: OpenLane<Build>): Capacity {
    return capacityOf(suited, this.#runningBy);
  }

  #suited(needs: BuildNeeds): Pick<OpenLane<Build>, 'suited' | 'isMixed'> {
    const there = this.#agents.filter(({ buildNodes }) => buildNodes.includes(needs.buildNode));
    const suited = there.filter((agent) => suits(agent, needs));
    return { suited, isMixed: suited.length < there.length };
  }

  #laneOf({ buildNode, labels, networkPolicy }: BuildNeeds): OpenLane<Build> {
    const needs = { buildNode, labels, networkPolicy };
    const key = keyOf(needs);
    const known = this.#lanes.get(key);
    if (known) return known;
    const lane = new Lane<Build>((namespace) => this.#mayStart(namespace));
    const open = { lane, needs, ...this.#suited(needs) };
    this.#lanes.set(key, open);
    return open;
  }
}

const keyOf = ({ buildNode, labels, networkPolicy }: BuildNeeds): string =>
  JSON.stringify([buildNode, networkPolicy, Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1))]);

function add(counts: Map<string, number>, key: string | undefined, by: number): void {
  if (key === undefined || by === 0) return;
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
