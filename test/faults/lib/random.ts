import { createHash } from 'node:crypto';

/** The same sequence for the same seed, whatever the machine. */
export interface Random {
  /** From 0 to below 1. */
  readonly next: () => number;
  /** Whole, both ends included. */
  readonly between: (least: number, most: number) => number;
  /** @throws when there is nothing to choose from */
  readonly oneOf: <T>(things: readonly T[]) => T;
  readonly uuid: () => string;
}

export function seededRandom(seed: string): Random {
  let count = 0;
  const bytes = (): Buffer => createHash('sha256').update(`${seed}#${count++}`).digest();
  const next = (): number => bytes().readUInt32LE() / 2 ** 32;
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    oneOf: (things) => {
      const thing = things[between(0, things.length - 1)];
      if (thing === undefined) throw new RangeError('nothing to choose from');
      return thing;
    },
    uuid: () => {
      const hex = bytes().toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    },
  };
}
