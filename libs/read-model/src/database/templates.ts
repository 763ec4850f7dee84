import type { Compilable, CompiledQuery } from 'kysely';
import type { Session } from './open-database.js';

export type Value = string | number;
/** What a query is asked with. It has another shape for other names: those whose value is `undefined` do not count. */
export type Values<Name extends string = string> = { readonly [Each in Name]?: Value | undefined };

/** Runs the query that `build` makes; `name` says which one it is among those with the same names of values. */
export type RunTemplate = <Name extends string, Row>(
  name: string,
  values: Values<Name>,
  build: (values: Values<Name>) => Compilable<Row>,
) => Promise<readonly Row[]>;

/** Stands in a built query for a value that is only known when it runs. */
class Placeholder {
  constructor(readonly name: string) {}
}

/** Queries of one shape are built and compiled once: that costs as much as running them. */
export function templatesOf({ db }: Pick<Session, 'db'>): RunTemplate {
  const known = new Map<string, CompiledQuery>();
  return async <Name extends string, Row>(
    name: string,
    values: Values<Name>,
    build: (values: Values<Name>) => Compilable<Row>,
  ) => {
    const given: Readonly<Record<string, Value | undefined>> = values;
    const names = Object.keys(given).filter((each) => given[each] !== undefined);
    const shape = `${name} ${names.join()}`;
    let template = known.get(shape);
    if (!template) {
      const placeholders = Object.fromEntries(names.map((each) => [each, new Placeholder(each)]));
      template = build(placeholders as unknown as Values<Name>).compile();
      known.set(shape, template);
    }
    const parameters = template.parameters.map((each) => (each instanceof Placeholder ? given[each.name] : each));
    const { rows } = await db.executeQuery({ ...template, parameters } as CompiledQuery<Row>);
    return rows;
  };
}
