import { createTableSql, decodeRow, encodeRow, type Table } from './table.js';

interface Row {
  readonly id: string;
  readonly count: number | null;
  readonly is_new: boolean;
  readonly parts: readonly string[] | null;
}
const table: Table<Row> = {
  name: 'thing',
  columns: { id: 'text', count: 'int?', is_new: 'bool', parts: 'json?' },
  primaryKey: ['id'],
  indexes: [{ name: 'thing_by_count', columns: ['count', 'id'] }],
};

describe('a table', () => {
  it.each<Row>([
    { id: 'a', count: 1, is_new: true, parts: ['x', 'y'] },
    { id: 'b', count: null, is_new: false, parts: null },
  ])('gives back the row it was given: $id', (row) => {
    const [id, count, is_new, parts] = encodeRow(table, row);
    expect(decodeRow(table, { id, count, is_new, parts })).toEqual(row);
  });

  it('stores what every database has', () =>
    expect(encodeRow(table, { id: 'a', count: null, is_new: true, parts: ['x'] })).toEqual(['a', null, 1, '["x"]']));

  it('is created under another name, with indexes that can stand beside the old ones', () =>
    expect(createTableSql('postgres', table, { physical: 'thing__g7', generation: 7 })).toEqual([
      'create table "thing__g7" ("id" text not null, "count" bigint, "is_new" smallint not null, "parts" text, constraint "thing_pk_g7" primary key ("id"))',
      'create index "thing_by_count_g7" on "thing__g7" ("count", "id")',
    ]));
});
