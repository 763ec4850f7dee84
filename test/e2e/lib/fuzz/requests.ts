import fc from 'fast-check';
import type { Operation, Parameter } from '../../../../apps/gateway/src/api/document.js';
import { apiDocument } from '../../../../apps/gateway/src/house/documented.fixtures.js';
import { hostileText, hostileValue, valueOf, type KnownValues } from './values.js';

/** A request as it goes over the wire. */
export interface FuzzRequest {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | undefined;
}

export interface Fuzzing {
  readonly known: KnownValues;
  /** What a DELETE may hit, so that not all the others find nothing. */
  readonly victims: KnownValues;
  /** Good ones of several users. */
  readonly tokens: readonly string[];
}

/** Every route of the document by `METHOD /path`. */
export const ROUTES: readonly (readonly [string, Operation])[] = Object.entries(apiDocument.paths).flatMap(
  ([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
);

/** A request of any route: sometimes good, mostly almost good, sometimes a mess. */
export const anyRequest = (fuzzing: Fuzzing): fc.Arbitrary<FuzzRequest> =>
  fc.oneof(
    ...ROUTES.map(([route, operation]) => ({
      weight: operation.requestBody ? 5 : operation.parameters.length > 0 ? 2 : 1,
      arbitrary: requestOf(route, operation, fuzzing),
    })),
  );

function requestOf(
  route: string,
  operation: Operation,
  { known, victims, tokens }: Fuzzing,
): fc.Arbitrary<FuzzRequest> {
  const [method = '', template = ''] = route.split(' ');
  const { parameters, requestBody } = operation;
  const those = (where: Parameter['in']) => parameters.filter((parameter) => parameter.in === where);
  const schema = requestBody?.content['application/json']?.schema;
  return fc
    .record({
      path: pathOf(template, those('path'), method === 'DELETE' ? victims : known),
      query: queryOf(those('query'), known),
      headers: headersOf(those('header'), known),
      authorization: authorizationOf(tokens),
      sent: schema
        ? bodyOf(valueOf(schema, known))
        : fc.oneof({ weight: 9, arbitrary: NOTHING }, { weight: 1, arbitrary: bodyOf(fc.constant({})) }),
    })
    .map(({ path, query, headers, authorization, sent }) => ({
      route,
      method,
      path: path + query,
      headers: { ...headers, ...authorization, ...(method === 'GET' ? {} : sent.headers) },
      body: method === 'GET' ? undefined : sent.body,
    }));
}

const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>, weight = 4): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: good }, { weight: 1, arbitrary: bad });

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** As it stands in a URL; what cannot be encoded is sent as a byte that is no text. */
const encoded = (value: unknown): string => {
  const text = asText(value);
  return text.isWellFormed() ? encodeURIComponent(text) : '%ff';
};

function pathOf(template: string, parameters: readonly Parameter[], known: KnownValues): fc.Arbitrary<string> {
  const values = parameters.map(({ name, schema }) => mostly(valueOf(schema, known, name), hostileText, 8));
  return fc
    .tuple(
      fc.tuple(...values),
      mostly(fc.constant(''), fc.constantFrom('/', '//', '/%2e%2e', ';x=y', '%00', '/%c0%ae'), 12),
    )
    .map(
      ([made, end]) =>
        parameters.reduce((path, { name }, at) => path.replace(`{${name}}`, encoded(made[at])), template) + end,
    );
}

function queryOf(parameters: readonly Parameter[], known: KnownValues): fc.Arbitrary<string> {
  const names = [...parameters.map(({ name }) => name), 'page', '__proto__', 'constructor', 'a[b]', ''];
  const pair = fc.constantFrom(...names).chain((name) => {
    const schema = parameters.find((parameter) => parameter.name === name)?.schema ?? {};
    return mostly(valueOf(schema, known, name), hostileText, 3).map((value) => `${encoded(name)}=${encoded(value)}`);
  });
  // A name may come twice.
  return fc.array(pair, { maxLength: 4 }).map((pairs) => (pairs.length === 0 ? '' : `?${pairs.join('&')}`));
}

type Headers = Readonly<Record<string, string | undefined>>;

/** What a header can hold at all. */
const headerText = hostileText.map((text) => text.replaceAll(/[^\u0020-\u007e\u00a0-\u00ff]/g, '').slice(0, 2_000));

function headersOf(parameters: readonly Parameter[], known: KnownValues): fc.Arbitrary<Headers> {
  const named = parameters.map(({ name, schema }) => [name, valueOf(schema, known, name).map(asText)] as const);
  const others = [
    'accept',
    'x-request-id',
    'traceparent',
    'if-none-match',
    'range',
    'x-http-method-override',
    'x-forwarded-host',
  ];
  const good = fc.record(Object.fromEntries(named.map(([name, value]) => [name, value.map(printable)])), {
    requiredKeys: [],
  });
  const bad = fc.dictionary(fc.constantFrom(...parameters.map(({ name }) => name), ...others), headerText, {
    maxKeys: 3,
  });
  return mostly(good, bad, 3);
}

const printable = (text: string): string => text.replaceAll(/[^\u0020-\u007e]/g, '');

const authorizationOf = (tokens: readonly string[]): fc.Arbitrary<Headers> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...tokens).map((token) => ({ authorization: `Token ${token}` })) },
    { weight: 1, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: headerText.map((text) => ({ authorization: text })) },
    { weight: 1, arbitrary: headerText.map((text) => ({ authorization: `Token ${text}` })) },
    { weight: 1, arbitrary: headerText.map((text) => ({ authorization: `Bearer ${text}` })) },
  );

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const NOTHING: fc.Arbitrary<Sent> = fc.constant({ headers: {}, body: undefined });
const JSON_BODY = { 'content-type': 'application/json' };

/** Good; with one thing wrong in it; anything; what is no JSON; what is not called JSON; what is too much. */
const bodyOf = (good: fc.Arbitrary<unknown>): fc.Arbitrary<Sent> =>
  fc.oneof(
    { weight: 30, arbitrary: good.map(asJson) },
    { weight: 40, arbitrary: good.chain(spoilt).map(asJson) },
    { weight: 10, arbitrary: hostileValue.map(asJson) },
    { weight: 8, arbitrary: fc.constantFrom(...BROKEN_JSON).map((body) => ({ headers: JSON_BODY, body })) },
    {
      weight: 8,
      arbitrary: fc
        .tuple(fc.constantFrom(...OTHER_TYPES), good)
        .map(([type, value]) => ({ headers: { 'content-type': type }, body: JSON.stringify(value) ?? '' })),
    },
    { weight: 1, arbitrary: fc.constant({ headers: JSON_BODY, body: `"${'x'.repeat(1_100_000)}"` }) },
    { weight: 2, arbitrary: NOTHING },
  );

const asJson = (value: unknown): Sent => ({ headers: JSON_BODY, body: JSON.stringify(value) ?? '' });

const BROKEN_JSON = [
  '',
  '{',
  '[',
  '{"a":}',
  '{"a":1,}',
  "{'a':1}",
  'undefined',
  '\u0000',
  '{"__proto__":{}}',
  '[1',
  `${'['.repeat(50_000)}`,
  'nul',
  '\ufeff{}',
  '"\\ud800"',
];
const OTHER_TYPES = [
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'nonsense',
  'application/json; charset=utf-16',
  'APPLICATION/JSON',
  'application/jsonx',
];

/** One place of it, at any depth, holds something else, is gone, or has a neighbour. */
function spoilt(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return hostileValue;
  const keys = Object.keys(value);
  const deeper =
    keys.length === 0
      ? hostileValue
      : fc
          .constantFrom(...keys)
          .chain((key) => spoilt(Reflect.get(value, key)).map((part) => replaced(value, key, part)));
  const without = fc
    .constantFrom(...keys, 'none')
    .map((key) =>
      Array.isArray(value) ? [] : Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)),
    );
  const more = fc.tuple(hostileText, hostileValue).map(([name, part]) => replaced(value, name, part));
  return fc.oneof(
    { weight: 6, arbitrary: deeper },
    { weight: 1, arbitrary: without },
    { weight: 1, arbitrary: more },
    { weight: 1, arbitrary: hostileValue },
  );
}

function replaced(value: object, key: string, part: unknown): unknown {
  if (Array.isArray(value)) return value.map((one: unknown, index) => (String(index) === key ? part : one));
  return Object.fromEntries([...Object.entries(value), [key, part]]);
}
