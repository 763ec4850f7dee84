import { randomUUID } from 'node:crypto';
import type { RepositoryEvent } from '@slipway/contracts';
import { repositoryEvents } from '@slipway/read-model/fixtures';
import type { CallerKind } from '../api/describe.js';
import { exampleOf } from '../api/page/example.js';
import { routesOf, type Route } from '../api/routes.js';
import { CONTROLLERS } from '../gateway.js';
import { callerWith, type Answer, type Call } from '../house/client.fixtures.js';
import { apiDocument } from '../house/documented.fixtures.js';
import { openHouse, type House } from '../house/house.fixtures.js';
import { tellOrganisation, tellRobot } from '../house/namespaces.fixtures.js';
import { at, logged, printedSpec } from '../house/told.fixtures.js';

/**
 * Every route that the gateway serves, asked by everybody: a new route is in here by being served, with what its
 * `@Describe` says of who may call. Nothing is public in this namespace.
 */
const NAMESPACE = 'acme';
const PRIVATE = { namespace: NAMESPACE, repo_name: 'private' };
const BUILD = randomUUID();

/** in: past the door, whatever comes of it. hidden: as if nothing were there. denied: 403. unknown: 401. */
type Reception = 'in' | 'hidden' | 'denied' | 'unknown';

const ASKERS = ['nobody', 'stranger', 'reader', 'builder', 'admin', 'operator'] as const;
type Asker = (typeof ASKERS)[number];

const RECEPTION: Readonly<Record<CallerKind, Readonly<Record<Asker, Reception>>>> = {
  anybody: { nobody: 'in', stranger: 'in', reader: 'in', builder: 'in', admin: 'in', operator: 'in' },
  user: { nobody: 'unknown', stranger: 'in', reader: 'in', builder: 'in', admin: 'in', operator: 'in' },
  reader: { nobody: 'hidden', stranger: 'hidden', reader: 'in', builder: 'in', admin: 'in', operator: 'in' },
  member: { nobody: 'unknown', stranger: 'hidden', reader: 'in', builder: 'in', admin: 'in', operator: 'in' },
  builder: { nobody: 'unknown', stranger: 'hidden', reader: 'denied', builder: 'in', admin: 'in', operator: 'in' },
  admin: { nobody: 'unknown', stranger: 'hidden', reader: 'denied', builder: 'denied', admin: 'in', operator: 'in' },
  operator: {
    nobody: 'unknown',
    stranger: 'denied',
    reader: 'denied',
    builder: 'denied',
    admin: 'denied',
    operator: 'in',
  },
};

/** Lists that show what the caller may see, and are empty where that is nothing. */
const LISTS: ReadonlySet<string> = new Set(['GET /v1/builds', 'GET /v1/repositories/{namespace}']);

/** What the examples of the document do not know of this house. */
const PARAMETERS: Readonly<Record<string, string>> = { ...PRIVATE, build_id: BUILD };
const QUERIES: Readonly<Record<string, string>> = { 'GET /v1/builds': `?namespace=${NAMESPACE}` };
const BODIES: Readonly<Record<string, object>> = {
  'POST /v1/builds': { ...PRIVATE, tag: 'latest' },
};

const routes = routesOf(CONTROLLERS).map((route) => ({ ...route, title: `${route.method} ${route.path}` }));
type Titled = (typeof routes)[number];

let house: House;
let callers: Readonly<Record<Asker, Call>>;
let narrowCallers: Readonly<Record<string, Call>>;

beforeAll(async () => {
  house = await openHouse();
  const as = async (name: string, options: Parameters<House['tokenOf']>[1] = {}): Promise<Call> =>
    callerWith(house.url, await house.tokenOf(name, options));
  callers = {
    nobody: callerWith(house.url, undefined),
    stranger: await as('stranger'),
    reader: await as('rita'),
    builder: await as('bob'),
    admin: await as('alice'),
    operator: await as('root', { isAdmin: true }),
  };
  narrowCallers = {
    'a token to read': await as('alice', { scope: 'read' }),
    'a token to build': await as('alice', { scope: 'build' }),
    'a token for elsewhere': await as('alice', { namespace: 'alice' }),
    'a robot that builds': callerWith(house.url, await tellRobot(house.store, NAMESPACE, 'builder')),
  };
  await tellOrganisation(house.store, NAMESPACE, { rita: 'reader', bob: 'builder', alice: 'admin' });
  await house.tell.repository(`${NAMESPACE}.private`, hiddenRepository());
  const spec = printedSpec({ namespace: NAMESPACE, repoName: 'private' });
  await house.tell.build(BUILD, [
    { type: 'BuildRequested', data: { buildId: BUILD, spec, at } },
    { type: 'BuildCancelled', data: { buildId: BUILD, by: 'bob', attempt: 0, logLines: 1, at } },
  ]);
  await house.tell.log(BUILD, [logged(BUILD, 1, 1)]);
  await house.caughtUp();
}, 30_000);
afterAll(() => house.stop());

describe.each(ASKERS)('%s', (asker) => {
  it.each(routes)('asks for $title', async (route) => {
    const answer = await callers[asker](pathOf(route), requestOf(route));
    expect({ asker, reception: receptionOf(answer), answer }).toMatchObject({ reception: expected(route, asker) });
    if (LISTS.has(route.title) && ['nobody', 'stranger'].includes(asker) && answer.status === 200)
      expect(answer.body).toMatchObject({ count: 0, results: [] });
  });
});

/** Tokens that are good for less than the administrator whose they are, and the token of a robot. */
const NARROW: Readonly<Record<string, Asker>> = {
  'a token to read': 'reader',
  'a token to build': 'builder',
  'a token for elsewhere': 'stranger',
  'a robot that builds': 'builder',
};

describe.each(Object.entries(NARROW))('%s', (narrow, asker) => {
  it.each(routes)('asks for $title', async (route) => {
    const answer = await narrowCallers[narrow]!(pathOf(route), requestOf(route));
    const reception = receptionOf(answer);
    if (route.description?.who !== 'user')
      return expect({ narrow, reception, answer }).toMatchObject({ reception: expected(route, asker) });
    // What is a user's own is not changed by less than the user.
    const allowed: readonly Reception[] = route.method === 'GET' ? ['in', 'denied'] : ['denied'];
    expect({ narrow, answer, isAllowed: allowed.includes(reception) }).toMatchObject({ isAllowed: true });
  });
});

it('tells a stranger of what is hidden what it tells of what is not there', async () => {
  const differing: unknown[] = [];
  for (const route of routes.filter(({ description, title }) => isHidden(description?.who) && !LISTS.has(title))) {
    const elsewhere = pathOf(route, { namespace: 'nothing', repo_name: 'nothing', build_id: randomUUID() });
    const [there, notThere] = await Promise.all([
      callers.stranger(pathOf(route), requestOf(route)),
      callers.stranger(elsewhere, requestOf(route, { ...PRIVATE, namespace: 'nothing', tag: 'latest' })),
    ]);
    if (JSON.stringify(refusalIn(there)) !== JSON.stringify(refusalIn(notThere)))
      differing.push([route.title, refusalIn(there), refusalIn(notThere)]);
  }
  expect(differing).toEqual([]);
});

function hiddenRepository(): readonly RepositoryEvent[] {
  return repositoryEvents(NAMESPACE, 'private').map((event) =>
    event.type === 'RepositoryCreated' ? { ...event, data: { ...event.data, isPublic: false } } : event,
  );
}

const isHidden = (who: CallerKind | undefined): boolean => who !== undefined && RECEPTION[who].stranger === 'hidden';

function expected({ description, title }: Titled, asker: Asker): Reception {
  if (!description) throw new Error(`${title} does not say who may call`);
  const reception = RECEPTION[description.who][asker];
  return reception === 'hidden' && LISTS.has(title) ? 'in' : reception;
}

/** Of the namespace, or of what lies in it. What else may be missing is only looked for behind the door. */
const DOORS = new Set(['namespace_not_found', 'repository_not_found', 'build_not_found']);

function receptionOf(answer: Answer): Reception {
  const { status, codes } = refusalIn(answer);
  if (status === 401) return 'unknown';
  if (status === 403) return 'denied';
  return status === 404 && codes.some((code) => DOORS.has(code)) ? 'hidden' : 'in';
}

function refusalIn({ status, body }: Answer): { readonly status: number; readonly codes: readonly string[] } {
  const { errors = [] } = (typeof body === 'object' ? body : {}) as { errors?: readonly { readonly code: string }[] };
  return { status, codes: errors.map(({ code }) => code) };
}

const operationOf = ({ method, path }: Route) => apiDocument.paths[path]?.[method.toLowerCase()];

function pathOf(route: Titled, named: Readonly<Record<string, string>> = PARAMETERS): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const schema = operationOf(route)?.parameters.find((parameter) => parameter.name === name)?.schema ?? {};
    return encodeURIComponent(named[name] ?? String(exampleOf(apiDocument, schema)));
  });
  return path + (QUERIES[route.title] ?? '');
}

function requestOf(route: Titled, body: object | undefined = BODIES[route.title]): RequestInit {
  const schema = operationOf(route)?.requestBody?.content['application/json']?.schema;
  if (!schema) return { method: route.method };
  const sent = route.title in BODIES ? body : exampleOf(apiDocument, schema);
  return { method: route.method, body: JSON.stringify(sent) };
}
