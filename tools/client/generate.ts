import type { ApiDocument, AnswerDocument, Operation, Parameter } from '../../apps/gateway/src/api/document.js';
import { commentOf, objectOf, typeOf, type TypeField } from './types.js';

const HEAD = `/**
 * Made by \`npm run client\` from the document of the API. A change is made there: in \`libs/contracts\`, or in a
 * \`@Describe\` of the gateway.
 */
`;

/** All of the API as types: \`paths\` as openapi-fetch reads them, and a type a schema. */
export function generateTypes({ components, paths }: ApiDocument): string {
  const schemas = Object.entries(components.schemas).map(([name, schema]) => {
    const comment = typeof schema['description'] === 'string' ? `${commentOf(schema['description'], '')}\n` : '';
    return `${comment}export type ${name} =${after(typeOf(schema))};\n`;
  });
  const fields = Object.entries(paths).map(([path, operations]) => required(path, pathType(operations)));
  return [HEAD, ...schemas, `export type paths = ${objectOf(fields, '')};\n`].join('\n');
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

function pathType(operations: Readonly<Record<string, Operation>>): string {
  const fields = METHODS.map((method) => {
    const operation = operations[method];
    if (!operation) return { name: method, isRequired: false, type: 'never' };
    return { ...required(method, operationType(operation)), text: operation.summary };
  });
  return objectOf(fields, '  ');
}

function operationType({ parameters, requestBody, responses }: Operation): string {
  const places = (['query', 'header', 'path'] as const).map((place) =>
    parametersField(
      place,
      parameters.filter((parameter) => parameter.in === place),
    ),
  );
  const schema = requestBody?.content['application/json']?.schema;
  return objectOf(
    [
      required('parameters', objectOf([...places, { name: 'cookie', isRequired: false, type: 'never' }], '      ')),
      schema
        ? required(
            'requestBody',
            objectOf([required('content', inline('application/json', typeOf(schema, '        ')))], '      '),
          )
        : { name: 'requestBody', isRequired: false, type: 'never' },
      required('responses', objectOf(Object.entries(responses).map(answerField), '      ')),
    ],
    '    ',
  );
}

function parametersField(name: string, parameters: readonly Parameter[]): TypeField {
  if (parameters.length === 0) return { name, isRequired: false, type: 'never' };
  const fields = parameters.map(({ name: of, required: isRequired, schema, description: text }) => ({
    name: of,
    isRequired,
    type: typeOf(schema, '          '),
    text,
  }));
  return { name, isRequired: fields.some(({ isRequired }) => isRequired), type: objectOf(fields, '        ') };
}

/** A number as a key, as openapi-fetch wants it. */
function answerField([status, { content }]: [string, AnswerDocument]): TypeField {
  const types = Object.entries(content ?? {}).map(([type, { schema }]) => required(type, typeOf(schema, '        ')));
  const body =
    types.length === 0
      ? '{ content?: never }'
      : `{ content: { ${types.map(({ name: type, type: of }) => `'${type}': ${of}`).join('; ')} } }`;
  return required(status, body);
}

const required = (name: string, type: string): TypeField => ({ name, isRequired: true, type });
const inline = (name: string, type: string): string => `{ '${name}': ${type} }`;

/** A union may begin on a line of its own. */
const after = (type: string): string => (type.startsWith('\n') ? type : ` ${type}`);
