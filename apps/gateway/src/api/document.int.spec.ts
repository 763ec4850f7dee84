import { Validator } from '@seriousme/openapi-schema-validator';
import { callerWith } from '../house/client.fixtures.js';
import { apiDocument } from '../house/documented.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';

let house: House;

beforeAll(async () => {
  house = await openHouse({ publicUrl: 'https://slipway.example/api' });
}, 30_000);
afterAll(() => house.stop());

describe('the document of the API', () => {
  it('describes every route that is served, and no other', () => {
    const served = house.gateway.routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    const described = Object.entries(apiDocument.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual([...served].sort());
  });

  it('is OpenAPI 3.1, by the schema of those who make OpenAPI', async () =>
    expect(await new Validator().validate({ ...structuredClone(apiDocument) })).toEqual({ valid: true }));

  it('is told to everybody, with the address they came by', async () => {
    const { status, body } = await callerWith(house.url, undefined)('/v1/openapi.json');
    expect([status, body]).toEqual([200, { ...apiDocument, servers: [{ url: 'https://slipway.example/api' }] }]);
  });

  it('is printed for people, who load nothing else with it', async () => {
    const { status, headers, body } = await callerWith(house.url, undefined)('/docs');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(body).toContain('<h1>Slipway API</h1>');
  });
});
