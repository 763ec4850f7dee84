import 'reflect-metadata';
import { documentOf } from '../../apps/gateway/src/api/document.js';
import { routesOf } from '../../apps/gateway/src/api/routes.js';
import { CONTROLLERS } from '../../apps/gateway/src/gateway.js';
import { codeWords, readDoc, tableUnder } from './markdown.js';

/** `` `GET`, `PUT /v1/tokens` ``: a method without a path has that of the next one. */
function requestsOf(cell: string): readonly string[] {
  let path = '';
  return codeWords(cell)
    .toReversed()
    .map((word) => {
      const [method = '', own = path] = word.split(' ');
      path = own;
      return `${method} ${own}`;
    });
}

describe('the requests of docs/API.md', () => {
  const listed = tableUnder(readDoc('docs/API.md'), '# The API').flatMap(({ request = '' }) => requestsOf(request));

  it('are those that are served, each once', () => {
    const { paths } = documentOf(routesOf(CONTROLLERS));
    const served = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect([...listed].sort()).toEqual([...served].sort());
  });
});
