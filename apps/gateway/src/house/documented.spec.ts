import { apiDocument, assertDocumented, templateOf } from './documented.fixtures.js';

const health = { method: 'GET', path: '/healthz' };
const common = { 'x-request-id': 'one', 'www-authenticate': 'Token' };
const json = new Headers({ ...common, 'content-type': 'application/json; charset=utf-8' });
const text = new Headers({ ...common, 'content-type': 'text/plain' });
const answered = (status: number, body: unknown, headers = json) => ({ status, headers, body });
const refused = (code: string) => ({ errors: [{ code, message: 'why', source: null }] });
const held =
  (answer: ReturnType<typeof answered>, asked = health) =>
  () =>
    assertDocumented(asked, answer);

describe('an answer is held against the document', () => {
  const good = { status: 'ok' };

  it('and passes when all of it is described', () => {
    expect(held(answered(200, good))).not.toThrow();
    expect(held(answered(401, refused('token_invalid')))).not.toThrow();
  });

  it('and fails for a status, a header, a code, a field or a type of body that is not', () => {
    expect(held(answered(401, refused('token_invalid'), new Headers({ 'x-request-id': 'one' })))).toThrow(
      'without WWW-Authenticate',
    );
    expect(held(answered(500, refused('internal_error')))).toThrow('answered with 500');
    expect(held(answered(401, refused('access_denied')))).toThrow('access_denied');
    expect(held(answered(200, { ...good, password: 'x' }))).toThrow('additional properties');
    expect(held(answered(200, { status: true }))).toThrow('constant');
    expect(held(answered(200, {}))).toThrow('required');
    expect(held(answered(200, 'text', text))).toThrow('text/plain');
  });

  it('and fails where no route is, unless it says so', () => {
    const nowhere = { method: 'GET', path: '/v1/nothing' };
    expect(held(answered(404, refused('route_not_found')), nowhere)).not.toThrow();
    expect(held(answered(200, {}), nowhere)).toThrow('no such route');
  });
});

describe('a path of the document', () => {
  it.each([
    ['/v1/builds?page=2', '/v1/builds'],
    ['/V1/builds/x/', '/v1/builds/{build_id}'],
    ['/v1/repositories/a/b/tags', '/v1/repositories/{namespace}/{repo_name}/tags'],
    ['/v1/builds//', undefined],
    ['/v1/openapiXjson', undefined],
  ])('of %s is %s', (path, template) => expect(templateOf('GET', path)).toBe(template));

  it('says which errors it can have', () => {
    const { responses = {} } = apiDocument.paths['/v1/builds']?.['post'] ?? {};
    const statuses = ['201', '400', '401', '403', '404', '409', '413', '415', '422', '503'];
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(statuses));
    expect(responses['409']?.['x-error-codes']).toContain('idempotency_key_reused');
    expect(Object.keys(responses['503']?.headers ?? {})).toContain('Retry-After');
  });
});
