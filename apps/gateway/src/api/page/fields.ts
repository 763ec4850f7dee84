import type { ApiDocument, Parameter } from '../document.js';
import type { JsonSchema } from '../schemas.js';
import { componentName } from './example.js';
import { html, inlineMarkdown, type Html } from './html.js';

interface Field {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
  readonly description?: string | undefined;
}

/** Fields of a body or of a component, one row each; what has a name of its own is a link to it. */
export function schemaFields(document: ApiDocument, schema: JsonSchema): Html {
  const { $ref, anyOf, oneOf, type, properties } = schema;
  if (typeof $ref === 'string') return schemaFields(document, document.components.schemas[componentName($ref)] ?? {});
  const variants = anyOf ?? oneOf;
  if (type === 'object' && properties) return table('Field', fieldsOf(schema));
  if (!Array.isArray(variants)) return html`<p>${typeOf(schema)}</p>`;
  const shown = (variants as readonly JsonSchema[]).map((one, index) =>
    typeof one.$ref === 'string'
      ? html`<p>${index === 0 ? 'Either ' : 'or '}${typeOf(one)}</p>`
      : html`<p>${index === 0 ? 'Either' : 'or'}</p>
          ${schemaFields(document, one)}`,
  );
  return html`${shown}`;
}

export const parameterTable = (title: string, parameters: readonly Parameter[]): Html =>
  parameters.length === 0
    ? html``
    : table(
        title,
        parameters.map(({ name, schema, required, description }) => ({
          name,
          schema,
          isRequired: required,
          description,
        })),
      );

/** An object that has no name is shown with its fields, as `failure.code` or `tags[].tag`. */
function fieldsOf({ properties = {}, required = [] }: JsonSchema, under = ''): readonly Field[] {
  const names = required as readonly string[];
  return Object.entries(properties as Readonly<Record<string, JsonSchema>>).flatMap(([name, schema]) => {
    const description = typeof schema['description'] === 'string' ? schema['description'] : undefined;
    const field = { name: under + name, schema, isRequired: names.includes(name), description };
    const { path, inner } = namelessIn(schema, `${under}${name}`);
    return inner ? [field, ...fieldsOf(inner, `${path}.`)] : [field];
  });
}

function namelessIn(schema: JsonSchema, path: string): { readonly path: string; readonly inner?: JsonSchema } {
  const { type, properties, items, anyOf } = schema;
  if (properties) return { path, inner: schema };
  if (type === 'array' && items) return namelessIn(items as JsonSchema, `${path}[]`);
  if (!Array.isArray(anyOf)) return { path };
  const [only, ...others] = (anyOf as readonly JsonSchema[]).filter((one) => one['type'] !== 'null');
  return only && others.length === 0 ? namelessIn(only, path) : { path };
}

const table = (title: string, fields: readonly Field[]): Html =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">${title}</th>
        <th scope="col">What it is</th>
      </tr>
    </thead>
    <tbody>
      ${fields.map(row)}
    </tbody>
  </table>`;

const row = ({ name, schema, isRequired, description }: Field): Html =>
  html`<tr>
    <th scope="row"><code>${name}</code>${isRequired ? html`` : html` <small>optional</small>`}</th>
    <td>${typeOf(schema)}${description === undefined ? html`` : html`<br />${inlineMarkdown(description)}`}</td>
  </tr>`;

/** The type in words. */
export function typeOf(schema: JsonSchema): Html {
  const { $ref, anyOf, oneOf, const: constant, enum: options, type } = schema;
  if (typeof $ref === 'string') {
    const name = componentName($ref);
    return html`<a href="#schema-${name}">${name}</a>${rulesOf(schema)}`;
  }
  const variants = anyOf ?? oneOf;
  if (Array.isArray(variants)) return joined(variants as readonly JsonSchema[]);
  if (constant !== undefined) return html`<code>${JSON.stringify(constant)}</code>`;
  if (Array.isArray(options)) return html`${listed(options)}${rulesOf(schema)}`;
  if (Array.isArray(type)) return joined(type.map((one: unknown) => ({ ...schema, type: one })));
  if (type === 'array') return html`list of ${typeOf((schema['items'] ?? {}) as JsonSchema)}${rulesOf(schema)}`;
  return html`${typeof type === 'string' ? type : 'any JSON'}${rulesOf(schema)}`;
}

const joined = (variants: readonly JsonSchema[]): Html =>
  html`${variants.map((one, index) => html`${index === 0 ? '' : ' or '}${typeOf(one)}`)}`;

const listed = (values: readonly unknown[]): Html =>
  html`${values.map((value, index) => html`${index === 0 ? '' : ', '}<code>${String(value)}</code>`)}`;

/** What JSON Schema says besides the type. */
function rulesOf({
  format,
  minimum,
  maximum,
  minLength,
  maxLength,
  maxItems,
  pattern,
  default: fallback,
}: JsonSchema): Html {
  const rules = [
    ...(format === undefined ? [] : [html`${asText(format)}`]),
    ...rangeOf('', minimum, maximum),
    ...rangeOf(' characters', minLength, maxLength),
    ...rangeOf(' entries', undefined, maxItems),
    ...(pattern === undefined ? [] : [html`<code class="pattern">${asText(pattern)}</code>`]),
    ...(fallback === undefined ? [] : [html`default <code>${JSON.stringify(fallback)}</code>`]),
  ];
  return html`${rules.map((rule) => html`, ${rule}`)}`;
}

function rangeOf(unit: string, least: unknown, most: unknown): readonly Html[] {
  if (least === undefined && most === undefined) return [];
  if (most === undefined) return [html`at least ${asText(least)}${unit}`];
  if (least === undefined) return [html`at most ${asText(most)}${unit}`];
  return [html`${asText(least)} to ${asText(most)}${unit}`];
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
