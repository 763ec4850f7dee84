/** `?`: may be null. `int` holds what a number can; `bool` is stored as 0 or 1, `json` as text. */
export type ColumnSpec = ColumnType | `${ColumnType}?`;
type ColumnType = 'text' | 'int' | 'bool' | 'json' | 'bytes';

export type Engine = 'sqlite' | 'postgres';

/** A table, declared once: how it is created, written and read follows from it. */
export interface TableShape {
  /** Of the live table. A rebuild makes another one beside it. */
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  readonly primaryKey: readonly string[];
  readonly indexes: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

export interface Table<Row> extends TableShape {
  readonly columns: { readonly [Column in keyof Row & string]-?: ColumnSpec };
  readonly primaryKey: readonly (keyof Row & string)[];
  readonly indexes: readonly { readonly name: string; readonly columns: readonly (keyof Row & string)[] }[];
}

/** What a column holds is only known after `decodeRow`. */
export type Stored<Row> = { readonly [Column in keyof Row]: unknown };

const SQL_TYPES: Readonly<Record<Engine, Readonly<Record<ColumnType, string>>>> = {
  sqlite: { text: 'text', int: 'integer', bool: 'integer', json: 'text', bytes: 'blob' },
  postgres: { text: 'text', int: 'bigint', bool: 'smallint', json: 'text', bytes: 'bytea' },
};

export const quoted = (name: string): string => `"${name}"`;
export const quotedList = (names: readonly string[]): string => names.map(quoted).join(', ');
export const columnsOf = <Row>(table: Table<Row>): readonly (keyof Row & string)[] =>
  Object.keys(table.columns) as (keyof Row & string)[];

/** Statements that make `table` under the name `physical`. Names of indexes carry the generation: they outlive a rename. */
export function createTableSql(
  engine: Engine,
  table: TableShape,
  { physical, generation }: { readonly physical: string; readonly generation: number },
): readonly string[] {
  const columns = Object.entries(table.columns).map(([name, spec]) => {
    const { type, isNullable } = parseSpec(spec);
    return `${quoted(name)} ${SQL_TYPES[engine][type]}${isNullable ? '' : ' not null'}`;
  });
  const constraint = `constraint ${quoted(`${table.name}_pk_g${generation}`)} primary key`;
  return [
    `create table ${quoted(physical)} (${columns.join(', ')}, ${constraint} (${quotedList(table.primaryKey)}))`,
    ...table.indexes.map(
      ({ name, columns: indexed }) =>
        `create index ${quoted(`${name}_g${generation}`)} on ${quoted(physical)} (${quotedList(indexed)})`,
    ),
  ];
}

export function encodeRow<Row>(table: Table<Row>, row: Row): readonly unknown[] {
  return columnsOf(table).map((name) => {
    const value = row[name];
    if (value === null) return null;
    const { type } = parseSpec(table.columns[name]);
    if (type === 'bool') return value ? 1 : 0;
    return type === 'json' ? JSON.stringify(value) : value;
  });
}

/** A whole row, or those of its columns that were asked for. What came from the database is changed, not copied. */
export function decodeRow<Row, Column extends keyof Row = keyof Row>(
  table: Table<Row>,
  stored: Stored<Pick<Row, Column>>,
): Pick<Row, Column> {
  const row = stored as Record<string, unknown>;
  for (const [name, decode] of decodersOf(table)) {
    const value = row[name];
    if (value !== null && value !== undefined) row[name] = decode(value);
  }
  return row as Pick<Row, Column>;
}

type Decoder = (value: unknown) => unknown;
const DECODERS: { readonly [Type in ColumnType]?: Decoder } = {
  bool: (value) => value === 1,
  json: (value) => JSON.parse(value as string) as unknown,
};
const decoders = new WeakMap<TableShape, readonly (readonly [string, Decoder])[]>();

/** Few columns need one, and a list has many rows: which they are is found out once. */
function decodersOf(table: TableShape): readonly (readonly [string, Decoder])[] {
  const known = decoders.get(table);
  if (known) return known;
  const found = Object.entries(table.columns).flatMap(([name, spec]) => {
    const decode = DECODERS[parseSpec(spec).type];
    return decode ? [[name, decode] as const] : [];
  });
  decoders.set(table, found);
  return found;
}

function parseSpec(spec: ColumnSpec): { readonly type: ColumnType; readonly isNullable: boolean } {
  const isNullable = spec.endsWith('?');
  return { type: (isNullable ? spec.slice(0, -1) : spec) as ColumnType, isNullable };
}
