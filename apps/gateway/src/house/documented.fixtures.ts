import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { documentOf, type AnswerDocument } from '../api/document.js';
import { routesOf } from '../api/routes.js';
import { CONTROLLERS } from '../gateway.js';
import type { Answer } from './client.fixtures.js';

export interface Asked {
  readonly method: string;
  /** As it was asked for, query included. */
  readonly path: string;
}

export const apiDocument = documentOf(routesOf(CONTROLLERS));

/**
 * Every answer of every test passes here: its status, its headers, its shape and each code of an error must be those that the
 * document of the API names. An answer may have no field that the document does not know.
 * @throws when a handler's `@Describe` is missing, or says less than the handler does
 */
export function assertDocumented({ method, path }: Asked, answer: Answer): void {
  const template = templateOf(method, path);
  const asked = `${method} ${template ?? path} was answered with ${answer.status}`;
  if (template === undefined) return assertRefused(asked, answer);
  const documented = apiDocument.paths[template]?.[method.toLowerCase()]?.responses[answer.status];
  if (!documented) throw new Error(`${asked}, which its @Describe does not name: ${JSON.stringify(answer.body)}`);
  assertHeaders(asked, documented, answer);
  assertCodes(asked, documented, answer);
  assertBody(asked, {
    pointer: ['paths', template, method.toLowerCase(), 'responses', String(answer.status)],
    documented,
    answer,
  });
}

/** The described path that a request goes to. What has fewer parameters goes first, as in the router. */
export function templateOf(method: string, path: string): string | undefined {
  const [asked = ''] = path.split(/[?#]/);
  return TEMPLATES.find(
    ({ template, pattern }) => pattern.test(asked) && apiDocument.paths[template]?.[method.toLowerCase()],
  )?.template;
}

const parametersIn = (template: string): number => template.split('{').length;
const TEMPLATES = Object.keys(apiDocument.paths)
  .sort((left, right) => parametersIn(left) - parametersIn(right))
  .map((template) => ({
    template,
    pattern: new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i'),
  }));

/** What no route takes: not there, so broken that nobody looked, or too much. */
function assertRefused(asked: string, { status, body }: Answer): void {
  if (![400, 404, 413, 415, 429].includes(status)) throw new Error(`${asked}, but no such route is described`);
  const validate = validatorAt(['components', 'schemas', 'ErrorsView']);
  if (!validate(body)) throw new Error(`${asked} in no shape of errors: ${ajv.errorsText(validate.errors)}`);
}

function assertHeaders(asked: string, documented: AnswerDocument, { headers }: Answer): void {
  const missing = Object.keys(documented.headers).filter((name) => !headers.has(name));
  if (missing.length > 0) throw new Error(`${asked} without ${missing.join(', ')}`);
}

function assertCodes(asked: string, documented: AnswerDocument, { body }: Answer): void {
  const { 'x-error-codes': codes = [] } = documented;
  if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors)) return;
  for (const { code } of body.errors as readonly { readonly code: string }[])
    if (!codes.includes(code)) throw new Error(`${asked} ${code}, which its @Describe does not name among its errors`);
}

interface Place {
  readonly pointer: readonly string[];
  readonly documented: AnswerDocument;
  readonly answer: Answer;
}

function assertBody(asked: string, { pointer, documented, answer: { headers, body } }: Place): void {
  const type = headers.get('content-type')?.split(';')[0];
  if (!documented.content) {
    if (body !== '') throw new Error(`${asked} and a body, which its @Describe does not name`);
    return;
  }
  if (type === undefined || !documented.content[type]) throw new Error(`${asked} and ${type}, which is not described`);
  const validate = validatorAt([...pointer, 'content', type, 'schema']);
  for (const part of type === 'text/event-stream' ? dataOf(String(body)) : [body])
    if (!validate(part))
      throw new Error(`${asked} in another shape than described: ${ajv.errorsText(validate.errors)}`);
}

/** Of each whole event of a stream. */
const dataOf = (text: string): readonly unknown[] =>
  [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, data = '']) => JSON.parse(data) as unknown);

/** Formats are said beside patterns; the ones that matter are tested where they are made. */
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema(closed(apiDocument) as object, 'api');

function validatorAt(pointer: readonly string[]): ValidateFunction {
  const encoded = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  const validate = ajv.getSchema(`api#/${encoded.join('/')}`);
  if (!validate) throw new Error(`nothing in the document at ${pointer.join(' ')}`);
  return validate;
}

/** The same document for whom an unknown field is an error. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const parts = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]));
  const isOpen = parts['type'] === 'object' && parts['properties'] && parts['additionalProperties'] === undefined;
  return isOpen ? { ...parts, additionalProperties: false } : parts;
}
