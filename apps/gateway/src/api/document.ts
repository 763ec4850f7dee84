import { ErrorsView } from '@slipway/contracts';
import { ERRORS, type ErrorCode } from '@slipway/kernel';
import { z } from 'zod';
import { CALLERS, SECTIONS, type AnswerBody, type Description } from './describe.js';
import { errorsOf, errorTable, takesIdempotencyKey, type ErrorRow } from './errors.js';
import type { Route } from './routes.js';
import { schemaPrinter, type JsonSchema, type Schemas } from './schemas.js';

/** An OpenAPI 3.1 document, as far as this one goes. Source: https://spec.openapis.org/oas/v3.1.1 */
export interface ApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** By path, then by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
  };
  readonly 'x-errors': readonly ErrorRow[];
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  /** By status. */
  readonly responses: Readonly<Record<string, AnswerDocument>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export interface AnswerDocument {
  readonly description: string;
  readonly headers: Readonly<Record<string, { readonly description: string; readonly schema: JsonSchema }>>;
  /** By media type; absent: no body. */
  readonly content?: Content;
  /** Codes of the entries of an error, in lower case. */
  readonly 'x-error-codes'?: readonly string[];
}

export type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

const API_VERSION = '1.0.0';
const JSON_TYPE = 'application/json';

/** The document of all routes that have a description. */
export function documentOf(routes: readonly Route[], serverUrl = '/'): ApiDocument {
  const schemas = schemaPrinter();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    if (!route.description) continue;
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route, route.description, schemas),
    };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Slipway', version: API_VERSION, description: INTRODUCTION },
    servers: [{ url: serverUrl }],
    tags: Object.entries(SECTIONS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas.components(),
      securitySchemes: {
        token: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`Authorization: Token <token>`' },
        login: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Where an issuer is configured.' },
      },
    },
    'x-errors': errorTable(),
  };
}

function operationOf(route: Route, description: Description, schemas: Schemas): Operation {
  const { section, summary, details, who } = description;
  const body = route.body ?? description.body;
  return {
    operationId: route.name,
    tags: [section],
    summary,
    description: [details, `Who may call: ${CALLERS[who]}`].filter((text) => text !== undefined).join('\n\n'),
    security: [...(route.isAnonymous ? [{}] : []), { token: [] }, { login: [] }],
    parameters: parametersOf(route, description, schemas),
    ...(body && {
      requestBody: { required: true, content: { [JSON_TYPE]: { schema: schemas.print(body, 'input') } } },
    }),
    responses: responsesOf(route, description, schemas),
  };
}

function parametersOf(route: Route, { headers }: Description, schemas: Schemas): readonly Parameter[] {
  const those = (where: Parameter['in'], fields: Readonly<Record<string, z.ZodType>>): readonly Parameter[] =>
    Object.entries(fields).map(([name, field]) => {
      const { description, ...schema } = schemas.print(field, 'input');
      const required = where === 'path' || !field.safeParse(undefined).success;
      return { name, in: where, required, ...(typeof description === 'string' && { description }), schema };
    });
  return [
    ...those('path', route.params),
    ...those('query', route.query),
    ...those('header', { ...headers?.shape, ...(takesIdempotencyKey(route) && { 'Idempotency-Key': KEY }) }),
  ];
}

const KEY = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .describe('The same key and body give the same answer for 24 hours; the same key with another body is refused.');

function responsesOf(route: Route, { answers, answerHeaders = {} }: Description, schemas: Schemas) {
  const responses: Record<string, AnswerDocument> = {};
  for (const [status, body] of Object.entries(answers)) {
    const headers = Object.entries(answerHeaders).map(([name, text]) => [name, headerOf(text)] as const);
    const content = contentOf(body, schemas);
    responses[status] = {
      description: content ? 'As asked.' : 'Done; no body.',
      headers: { ...REQUEST_ID, ...Object.fromEntries(headers) },
      ...(content && { content }),
    };
  }
  const schema = schemas.print(ErrorsView, 'output');
  for (const [status, codes] of errorsOf(route))
    responses[status] = {
      ...responses[status],
      description: codes.map(sentenceOf).join('\n'),
      headers: { ...REQUEST_ID, ...HEADERS_OF[status] },
      content: { ...responses[status]?.content, [JSON_TYPE]: { schema: eitherOf(responses[status], schema) } },
      'x-error-codes': codes.map((code) => code.toLowerCase()),
    };
  return responses;
}

/** A status can be both: `/readyz` says 503 in a shape of its own. */
function eitherOf(answer: AnswerDocument | undefined, errors: JsonSchema): JsonSchema {
  const known = answer?.content?.[JSON_TYPE]?.schema;
  return known ? { anyOf: [known, errors] } : errors;
}

function contentOf(body: AnswerBody, schemas: Schemas): Content | undefined {
  if (body === null) return undefined;
  const byType = body instanceof z.ZodType ? { [JSON_TYPE]: body } : body;
  return Object.fromEntries(
    Object.entries(byType).map(([type, schema]) => [type, { schema: schemas.print(schema, 'output') }]),
  );
}

const headerOf = (description: string) => ({ description, schema: { type: 'string' } });
const REQUEST_ID = { 'X-Request-Id': headerOf('The one that was sent, or a new one.') };
const RETRY_AFTER = { 'Retry-After': headerOf('Seconds after which to try again.') };
const HEADERS_OF: Readonly<Record<number, AnswerDocument['headers']>> = {
  401: { 'WWW-Authenticate': headerOf('How to say who calls.') },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};

const sentenceOf = (code: ErrorCode): string => `- \`${code.toLowerCase()}\`: ${ERRORS[code].text}`;

/** What holds for all routes. */
const INTRODUCTION = `JSON in snake_case, UTF-8. Times of records are ISO 8601 in UTC with milliseconds; times in logs are Unix seconds.
Every path works with and without a trailing slash, and in any case.

Answers may get more fields at any time: ignore those that you do not know.

Every error has one shape, \`{"errors": [{"code", "message", "source"}]}\`, one entry a broken field. \`x-errors\` lists
all codes, and \`x-error-codes\` of an answer those that it can hold.`;
