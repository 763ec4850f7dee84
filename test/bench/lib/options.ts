import { parseArgs } from 'node:util';

/** Sizes of a bench as `--name value`; those that are not said have their defaults. @throws for what is no positive number, or not known */
export function sizes<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
  args: readonly string[] = process.argv.slice(2),
): Readonly<Record<Name, number>> {
  const names = Object.keys(defaults) as Name[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options });
  const sized = names.map((name) => [name, sizeOf(name, values[name], defaults[name])] as const);
  return Object.fromEntries(sized) as Record<Name, number>;
}

function sizeOf(name: string, said: unknown, otherwise: number): number {
  const size = said === undefined ? otherwise : Number(said);
  if (!(size > 0 && Number.isFinite(size))) throw new RangeError(`--${name} is no positive number: ${String(said)}`);
  return size;
}
