import fc from 'fast-check';
import type { JsonSchema } from '../../../../apps/gateway/src/api/schemas.js';
import { apiDocument } from '../../../../apps/gateway/src/house/documented.fixtures.js';

/** Good values of fields by their name, so that a request gets past the door. */
export type KnownValues = ReadonlyMap<string, readonly unknown[]>;

/** What a schema of the document says is good; mostly it is. */
export function valueOf(schema: JsonSchema, known: KnownValues, name = ''): fc.Arbitrary<unknown> {
  const values = known.get(name);
  const made = madeOf(schema, known);
  return values ? fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: made }) : made;
}

function madeOf(schema: JsonSchema, known: KnownValues): fc.Arbitrary<unknown> {
  const { $ref, anyOf, oneOf, const: constant, enum: options, type } = schema;
  if (typeof $ref === 'string') return valueOf(resolved($ref), known);
  const variants = anyOf ?? oneOf;
  if (Array.isArray(variants)) return fc.oneof(...variants.map((one: JsonSchema) => valueOf(one, known)));
  if (constant !== undefined) return fc.constant(constant);
  if (Array.isArray(options)) return fc.constantFrom(...(options as unknown[]));
  if (Array.isArray(type)) return fc.oneof(...type.map((one: unknown) => valueOf({ ...schema, type: one }, known)));
  return OF_TYPE[String(type)]?.(schema, known) ?? fc.jsonValue({ maxDepth: 2 });
}

const resolved = ($ref: string): JsonSchema => {
  const schema = apiDocument.components.schemas[$ref.split('/').at(-1) ?? ''];
  if (!schema) throw new Error(`the document has no ${$ref}`);
  return schema;
};

const OF_TYPE: Readonly<Record<string, (schema: JsonSchema, known: KnownValues) => fc.Arbitrary<unknown>>> = {
  string: textOf,
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  integer: numberOf,
  number: numberOf,
  array: ({ items = {} }, known) => fc.array(valueOf(items as JsonSchema, known), { maxLength: 3 }),
  object: objectOf,
};

function textOf({ pattern, format, maxLength = 50 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (typeof pattern === 'string') return fc.stringMatching(withoutLooks(pattern)).map((text) => text.slice(0, 2_000));
  return fc.string({ maxLength: Math.min(Number(maxLength), 50) });
}

/** fast-check does not look ahead or behind: then some of what it makes is refused. */
const withoutLooks = (pattern: string): RegExp => new RegExp(pattern.replaceAll(/\(\?<?[!=](?:\\.|[^()])*\)/g, ''));

function numberOf({ minimum = 0, maximum = 1_000_000 }: JsonSchema): fc.Arbitrary<number> {
  return fc.integer({ min: Number(minimum), max: Math.min(Number(maximum), 2 ** 31 - 1) });
}

function objectOf({ properties = {}, required = [] }: JsonSchema, known: KnownValues): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties as Record<string, JsonSchema>);
  return fc.record(Object.fromEntries(fields.map(([name, field]) => [name, valueOf(field, known, name)])), {
    requiredKeys: required as string[],
  });
}

const LONG = 20_000;

/** Text that has broken something somewhere. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e\u2066x',
  '😀'.repeat(50),
  'ａｄｍｉｎ',
  'ǅ\u0301\u200b',
  '\r\nSet-Cookie: a=b',
  '\u001b[31m',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '-uwhoami',
  '--upload-pack=touch /tmp/x',
  '-oProxyCommand=x',
  '../../etc/passwd',
  '..%2f..%2f',
  'a/b',
  '%',
  '%00',
  '%ff',
  '*',
  '>',
  'a.b.c.*',
  '$all',
  "'; drop table build; --",
  '${jndi:ldap://x}',
  '{{7*7}}',
  '(a+)+$',
  '/(a+)+$/',
  'a'.repeat(63) + '!',
  'x'.repeat(LONG),
  'a-'.repeat(LONG / 2),
  'NaN',
  '1e309',
  '-1',
  '0x10',
  '9007199254740993',
  'file:///etc/passwd',
  'ext::sh -c id',
  'http://169.254.169.254/latest/meta-data',
  'http://[::1]:6379/',
  'ssh://-oProxyCommand=id/x',
  '2026-02-30T00:00:00Z',
  '+275761-01-01T00:00:00Z',
  '00000000-0000-0000-0000-000000000000',
];

const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  2 ** 53,
  1e308,
  -0,
  [],
  {},
  [[[[]]]],
  ['a', 'a'],
  Array.from({ length: 500 }, () => ({})),
  { length: 1e9 },
  JSON.parse('{"toString": 1, "then": 1, "toJSON": 1}'),
  { $ref: '#' },
  JSON.parse('{"__proto__": {"isAdmin": true}}'),
  JSON.parse('{"constructor": {"prototype": {"isAdmin": true}}}'),
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(...HOSTILE_VALUES),
  fc.jsonValue({ maxDepth: 3 }),
);
