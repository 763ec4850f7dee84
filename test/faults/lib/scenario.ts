import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutPaths } from '../../../tools/launcher/paths.js';
import { describeFinding, type Finding } from '../checker/history.js';
import { openFaultHouse, type FaultHouse, type FaultHouseOptions } from './fault-house.js';
import { inspect } from './inspect.js';
import { seededRandom, type Random } from './random.js';

/** `short`: what `npm test` runs. */
export type Size = 'short' | 'full';

export interface Scenario {
  readonly name: string;
  /** What happens, and what must hold all the same. */
  readonly says: string;
  readonly run: (world: World) => Promise<void>;
}

/** What a scenario has in its hands. */
export interface World {
  /** Of the seed and the scenario's name. */
  readonly random: Random;
  readonly pick: <T>(sizes: Readonly<Record<Size, T>>) => T;
  /** How often it does what it does, unless the caller says another number. */
  readonly rounds: (sizes: Readonly<Record<Size, number>>) => number;
  /** How long something is away, s; the caller may say another number here too. */
  readonly seconds: (sizes: Readonly<Record<Size, number>>) => number;
  /** A house that is inspected when the scenario is over, and ended whatever happens. */
  readonly open: (options?: FaultHouseOptions) => Promise<FaultHouse>;
  /** Something beside the houses, like a proxy: closed after them, whatever happens. */
  readonly keep: <T extends Closable>(thing: T | Promise<T>) => Promise<T>;
  readonly say: (text: string) => void;
}

export interface Closable {
  readonly close: () => unknown;
}

export interface RunOptions {
  readonly seed: string;
  readonly size: Size;
  /** Instead of the numbers that belong to the size. */
  readonly rounds?: number | undefined;
  readonly seconds?: number | undefined;
  readonly say: World['say'];
}

/** @throws with every finding of the checker, or what the scenario threw */
export async function runScenario({ name, run }: Scenario, options: RunOptions): Promise<void> {
  const { seed, size, say } = options;
  const random = seededRandom(`${seed}/${name}`);
  const houses: FaultHouse[] = [];
  const things: Closable[] = [];
  const open: World['open'] = async (options) => {
    const house = await openFaultHouse(random, options);
    houses.push(house);
    return house;
  };
  const keep: World['keep'] = async (thing) => {
    const kept = await thing;
    things.push(kept);
    return kept;
  };
  let isGood = false;
  try {
    await run({
      random,
      pick: (sizes) => sizes[size],
      rounds: (sizes) => options.rounds ?? sizes[size],
      seconds: (sizes) => options.seconds ?? sizes[size],
      open,
      keep,
      say,
    });
    const findings = (await Promise.all(houses.map(inspect))).flat();
    if (findings.length > 0) throw new Findings(findings);
    isGood = true;
  } finally {
    if (!isGood) houses.forEach(({ system }, index) => keepLogs(system.stateDir, `${name}-${index + 1}`));
    await Promise.all(houses.map((house) => house.stop()));
    for (const thing of things.toReversed()) await thing.close();
  }
}

/** What the services of a failed scenario said, in `.slipway/log/faults`, until it fails the next time. */
function keepLogs(stateDir: string, name: string): void {
  const kept = join(checkoutPaths().log, 'faults', name);
  rmSync(kept, { recursive: true, force: true });
  cpSync(join(stateDir, 'log'), kept, { recursive: true });
}

const SHOWN = 30;

export class Findings extends Error {
  override readonly name = 'Findings';

  constructor(readonly findings: readonly Finding[]) {
    const more = findings.length > SHOWN ? [`and ${findings.length - SHOWN} more`] : [];
    super([`${findings.length} findings`, ...findings.slice(0, SHOWN).map(describeFinding), ...more].join('\n'));
  }
}
