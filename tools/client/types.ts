import type { JsonSchema } from '../../apps/gateway/src/api/schemas.js';

/** A JSON Schema of the document as a TypeScript type; what has a name is named. */
export function typeOf(schema: JsonSchema, indent = ''): string {
  const { $ref, anyOf, oneOf, const: constant, enum: options, type } = schema;
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1);
  const variants = anyOf ?? oneOf;
  if (Array.isArray(variants)) return unionOf(variants.map((one: JsonSchema) => typeOf(one, indent)));
  if (constant !== undefined) return literal(constant);
  if (Array.isArray(options)) return unionOf(options.map(literal), indent);
  if (Array.isArray(type)) return unionOf(type.map((one: unknown) => typeOf({ ...schema, type: one }, indent)));
  if (type === 'array') return `${wrapped(typeOf((schema['items'] ?? {}) as JsonSchema, indent))}[]`; // openapi-fetch takes no readonly ones
  if (type === 'object') return objectType(schema, indent);
  return PLAIN[String(type)] ?? 'unknown';
}

const PLAIN: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'` : JSON.stringify(value);

const LINE = 100; // characters

/** A long one has a line a member, so that a new member is a line of a change. */
function unionOf(types: readonly string[], indent = ''): string {
  const union = [...new Set(types)].join(' | ');
  if (union.length <= LINE || union.includes('\n')) return union;
  return union
    .split(' | ')
    .map((type) => `\n${indent}  | ${type}`)
    .join('');
}

const wrapped = (type: string): string => (type.includes(' ') ? `(${type})` : type);

/** An object without known fields is a record of whatever it says, or of anything. */
function objectType({ properties, required = [], additionalProperties }: JsonSchema, indent: string): string {
  const fields = Object.entries((properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  if (fields.length === 0) {
    const values =
      typeof additionalProperties === 'object' ? typeOf(additionalProperties as JsonSchema, indent) : 'unknown';
    return `Readonly<Record<string, ${values}>>`;
  }
  const names = new Set(required as readonly string[]);
  return objectOf(
    fields.map(([name, field]) => ({
      name,
      isReadonly: true,
      isRequired: names.has(name),
      type: typeOf(field, `${indent}  `),
      text: field['description'],
    })),
    indent,
  );
}

export interface TypeField {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isReadonly?: boolean;
  readonly type: string;
  /** What the document says of it. */
  readonly text?: unknown;
}

/** `{ … }`, a field a line. */
export function objectOf(fields: readonly TypeField[], indent: string): string {
  const lines = fields.map(({ name, isRequired, isReadonly = false, type, text }) => {
    const comment = typeof text === 'string' ? `${indent}  ${commentOf(text, `${indent}  `)}\n` : '';
    const given = isRequired || type === 'never' ? type : `${type} | undefined`;
    return `${comment}${indent}  ${isReadonly ? 'readonly ' : ''}${keyOf(name)}${isRequired ? '' : '?'}: ${given};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

const keyOf = (name: string): string => (/^(?:[A-Za-z_]\w*|\d+)$/.test(name) ? name : literal(name));

/** Nothing in a description can end the comment. */
export function commentOf(text: string, indent: string): string {
  const lines = text.replaceAll('*/', '* /').split('\n');
  if (lines.length === 1) return `/** ${lines[0]} */`;
  return ['/**', ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`].join('\n');
}
