import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutPaths } from '../launcher/paths.js';
import { clientTypes, CLIENT_TYPES_FILE } from './client-types.js';
import { typeOf } from './types.js';

describe('the types of the client', () => {
  it('are those of the API as it is: else run `npm run client`', () =>
    expect(readFileSync(join(checkoutPaths().root, CLIENT_TYPES_FILE), 'utf8')).toBe(clientTypes()));
});

describe('a schema as a type', () => {
  it.each([
    [{ type: 'integer', minimum: 1 }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{ anyOf: [{ const: 0 }, { const: 1 }] }, '0 | 1'],
    [{ enum: ['W', "it's"] }, String.raw`'W' | 'it\'s'`],
    [{ $ref: '#/components/schemas/BuildView' }, 'BuildView'],
    [{ type: 'array', items: { type: ['string', 'null'] } }, '(string | null)[]'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'Readonly<Record<string, string>>'],
    [{ type: 'object', additionalProperties: {} }, 'Readonly<Record<string, unknown>>'],
    [{}, 'unknown'],
  ])('%j is %s', (schema, type) => expect(typeOf(schema)).toBe(type));

  it('has a line a field, and what the document says of it', () =>
    expect(
      typeOf({
        type: 'object',
        properties: { id: { type: 'integer', description: 'Ends */ here.' }, 'a-b': { type: 'boolean' } },
        required: ['id'],
      }),
    ).toBe("{\n  /** Ends * / here. */\n  readonly id: number;\n  readonly 'a-b'?: boolean | undefined;\n}"));
});
