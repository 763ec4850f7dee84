import type { ApiDocument, Operation } from '../document.js';
import type { JsonSchema } from '../schemas.js';

/** A value that the schema takes: what is required, as its `examples` say. */
export function exampleOf({ components }: Pick<ApiDocument, 'components'>, schema: JsonSchema): unknown {
  const { $ref, examples, default: fallback, const: constant, enum: options, anyOf, oneOf, type } = schema;
  const of = (part: unknown): unknown => exampleOf({ components }, part as JsonSchema);
  if (Array.isArray(examples)) return examples[0];
  if (typeof $ref === 'string') return of(components.schemas[componentName($ref)] ?? {});
  if (constant !== undefined || fallback !== undefined) return constant ?? fallback;
  const choices = options ?? anyOf ?? oneOf;
  if (Array.isArray(choices)) return options ? choices[0] : of(choices[0]);
  if (type === 'array') return [of(schema['items'])];
  if (type === 'object') return exampleObject(schema, of);
  return EXAMPLE_OF_TYPE[String(schema['format'] ?? type)] ?? null;
}

export const componentName = ($ref: string): string => $ref.slice($ref.lastIndexOf('/') + 1);

function exampleObject({ properties = {}, required = [] }: JsonSchema, of: (part: unknown) => unknown): unknown {
  const wanted = new Set(required as readonly string[]);
  const fields = Object.entries(properties as Readonly<Record<string, JsonSchema>>);
  return Object.fromEntries(
    fields.filter(([name, { examples }]) => wanted.has(name) || examples).map(([name, field]) => [name, of(field)]),
  );
}

const EXAMPLE_OF_TYPE: Readonly<Record<string, unknown>> = {
  string: 'text',
  integer: 1,
  number: 1,
  boolean: true,
  uuid: '5709f780-e8fb-4b52-aa3b-6256b572fb51',
  'date-time': '2026-11-24T08:17:42.581Z',
};

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The request for a shell; `$SLIPWAY` and `$TOKEN` are the reader's. */
export function curlOf(document: ApiDocument, { method, path, operation }: Asked): string {
  const { security, parameters, requestBody, responses } = operation;
  const schema = requestBody?.content['application/json']?.schema;
  const isStream = Object.values(responses).some(({ content }) => content?.['text/event-stream']);
  const url = parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((text, { name, schema: of }) => text.replace(`{${name}}`, String(exampleOf(document, of))), path);
  const parts = [
    `curl -sS${isStream ? ' -N' : ''}${isImplied(method, schema) ? '' : ` -X ${method.toUpperCase()}`} "$SLIPWAY${url}"`,
    ...(security.some((one) => Object.keys(one).length === 0) ? [] : ['-H "Authorization: Token $TOKEN"']),
    ...(schema ? ["-H 'Content-Type: application/json'", `-d '${jsonOf(exampleOf(document, schema))}'`] : []),
  ];
  return parts.join(' \\\n  ');
}

/** By curl: a GET without a body, a POST with one. */
const isImplied = (method: string, body: JsonSchema | undefined): boolean => method === (body ? 'post' : 'get');

/** Inside single quotes of a shell. */
const jsonOf = (value: unknown): string => JSON.stringify(value, null, 2).replaceAll("'", String.raw`'\''`);
