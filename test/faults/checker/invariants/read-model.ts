import { VIEWS } from '@slipway/read-model';
import type { Finding, History, Tables } from '../history.js';

type Row = Tables[string][number];

/** I4: the read model is the fold of the events, row by row. */
export function checkReadModel({ readModel: { shown, expected } }: History): readonly Finding[] {
  return VIEWS.flatMap(({ tables }) => tables).flatMap(({ name, primaryKey }) => {
    const keyOf = (row: Row): string => primaryKey.map((column) => String(row[column])).join(' ');
    const byKey = (rows: readonly Row[] = []) => new Map(rows.map((row) => [keyOf(row), row]));
    const [is, shouldBe] = [byKey(shown[name]), byKey(expected[name])];
    return [...new Set([...is.keys(), ...shouldBe.keys()])].flatMap((key) =>
      differenceOf(`row ${key} of ${name}`, is.get(key), shouldBe.get(key)),
    );
  });
}

function differenceOf(subject: string, is: Row | undefined, shouldBe: Row | undefined): readonly Finding[] {
  const [found, expected] = [is && unlike(is, shouldBe), shouldBe && unlike(shouldBe, is)];
  if (found === '{}' && expected === '{}') return [];
  return [{ invariant: 'I4', subject, expected: expected ?? 'no such row', found: found ?? 'no such row' }];
}

/** Only the columns in which it differs from the other. */
const unlike = (row: Row, other: Row | undefined): string =>
  textOf(
    Object.fromEntries(
      Object.entries(row).filter(([column, value]) => !other || textOf(value) !== textOf(other[column])),
    ),
  );

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part,
  ) ?? 'nothing';
