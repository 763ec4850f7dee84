import { DatabaseSync } from 'node:sqlite';
import { LISTED_COLUMNS } from '@slipway/read-model';
import Fastify from 'fastify';

/**
 * `bare-list.ts <sqlite file>`: what `GET /v1/builds?namespace=` costs at least. fastify and the two statements of the
 * gateway, rows answered as they are: nobody is asked for a token, nothing is checked, counted against limits or linked.
 */
const BUILDS_A_PAGE = 20;

const database = new DatabaseSync(process.argv[2] ?? '', { readOnly: true });
const count = database.prepare('select builds from build_count where scope = ?');
const rows = database.prepare(
  `select ${LISTED_COLUMNS.map((name) => `"${name}"`).join(', ')} from build where position in ` +
    '(select page.position from (select position from build where +removed_at is null and namespace = ? order by position desc limit ? offset 0) as page) ' +
    'order by position desc',
);

const server = Fastify();
server.get<{ Querystring: { readonly namespace: string } }>('/v1/builds', ({ query: { namespace } }) => ({
  count: count.get(`namespace:${namespace}`)?.['builds'] ?? 0,
  results: rows.all(namespace, BUILDS_A_PAGE),
}));
console.log(await server.listen({ host: '127.0.0.1', port: 0 }));
