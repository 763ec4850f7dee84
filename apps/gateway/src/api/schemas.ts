import { isDeepStrictEqual } from 'node:util';
import * as contracts from '@slipway/contracts';
import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** `input`: what a caller may send; `output`: what is answered. */
export type Direction = 'input' | 'output';

/** Schemas as the document prints them: what has a name in the contracts stands among the components, once. */
export interface Schemas {
  readonly print: (schema: z.ZodType, direction: Direction) => JsonSchema;
  readonly components: () => Readonly<Record<string, JsonSchema>>;
}

export function schemaPrinter(): Schemas {
  const components = new Map<string, JsonSchema>();
  return {
    components: () => Object.fromEntries([...components].sort(([left], [right]) => (left < right ? -1 : 1))),
    print: (schema, io) => {
      const printed = z.toJSONSchema(schema, { io, metadata: new Names(), unrepresentable: 'any', override: tidy });
      const { $schema: _, $defs = {}, ...rest } = atComponents(printed) as JsonSchema & { $defs?: object };
      for (const [name, component] of Object.entries($defs)) addTo(components, name, component as JsonSchema);
      return rest;
    },
  };
}

/** What the contracts export under a name, if it has parts: a string with a pattern is printed where it stands. */
const NAMED = new Map(
  Object.entries(contracts).flatMap(([name, schema]) =>
    schema instanceof z.ZodObject ||
    schema instanceof z.ZodEnum ||
    schema instanceof z.ZodUnion ||
    schema instanceof z.ZodPipe
      ? [[schema as z.core.$ZodType, name] as const]
      : [],
  ),
);

/** Descriptions as always; a name only from the contracts. */
class Names extends z.core.$ZodRegistry<z.core.GlobalMeta> {
  override get<S extends z.core.$ZodType>(schema: S): z.core.$replace<z.core.GlobalMeta, S> | undefined {
    const id = NAMED.get(schema);
    const meta = z.globalRegistry.get(schema);
    return id === undefined ? meta : ({ ...meta, id } as z.core.$replace<z.core.GlobalMeta, S>);
  }

  override has(schema: z.core.$ZodType): boolean {
    return this.get(schema) !== undefined;
  }
}

/** A format says it shorter than its pattern, and an answer may have more fields than this version knows. */
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'date-time' || jsonSchema.format === 'uuid') delete jsonSchema.pattern;
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  delete jsonSchema['id'];
}

/** `$ref`s point to where an OpenAPI document keeps its schemas. */
const atComponents = (schema: unknown): unknown =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));

/** @throws when two directions give one name two meanings: then one of them needs a name of its own */
function addTo(components: Map<string, JsonSchema>, name: string, schema: JsonSchema): void {
  const known = components.get(name);
  if (known && !isDeepStrictEqual(known, schema)) throw new Error(`${name} differs between requests and answers`);
  components.set(name, schema);
}
