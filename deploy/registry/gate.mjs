#!/usr/bin/env node
// In front of an image registry that knows no tenants: nobody gets in without a login, and builds read only what is their
// own namespace's, or a public repository's. Needs Node 22 or later and nothing else. It says at /healthz that it runs, at
// /readyz whether the registry answers it. All of it comes from the environment:
//
//   GATE_LISTEN    where to listen: 127.0.0.1:5000
//   GATE_REGISTRY  the registry: http://[user:password@]host[:port], or unix:/path of its socket. Nobody else may reach it
//   GATE_LOGIN     user:password that may everything; agents and orchestrators have it in their REGISTRY_URL
//   GATE_API       http(s)://host:port of a gateway, which is asked what is public; absent: nothing is
//
// An agent that has the login makes others of it, for its builds: the user is `pull.<namespace>.<seconds since 1970>`, the
// password the HMAC-SHA256 of that name, keyed with the login's password, in base64url. It reads repositories of that
// namespace until then, and public ones. docs/adr/0033-network-and-limits.md and 0038-public-base-images.md say why.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, request as forward } from 'node:http';
import { pipeline } from 'node:stream';
import { urlToHttpOptions } from 'node:url';

const { GATE_LISTEN = '', GATE_REGISTRY = '', GATE_LOGIN = '', GATE_API = '' } = process.env;
const [, host, port] = /^(.+):(\d+)$/.exec(GATE_LISTEN) ?? [];
const [user, ...rest] = GATE_LOGIN.split(':');
const password = rest.join(':');
if (!host || !GATE_REGISTRY || !user || password.length < 16) {
  process.stderr.write('GATE_LISTEN, GATE_REGISTRY and GATE_LOGIN (a password of 16 characters or more) are needed.\n');
  process.exit(64);
}
const registry = GATE_REGISTRY.startsWith('unix:')
  ? { socketPath: GATE_REGISTRY.slice('unix:'.length) }
  : urlToHttpOptions(new URL(GATE_REGISTRY));

const sha256 = (text) => createHash('sha256').update(text).digest();
const isSame = (one, other) => timingSafeEqual(sha256(one), sha256(other));
const PULL_USER = /^pull\.([a-z0-9][a-z0-9._-]*)\.(\d{1,12})$/;
/** Nothing that a registry might take for another path than is read here. */
const READABLE =
  /^\/v2\/([a-z0-9][a-z0-9._-]*)\/([a-z0-9][a-z0-9._/-]*)\/(?:manifests|blobs|tags)\/[A-Za-z0-9_][A-Za-z0-9._:+-]*$/;

/** 200: let through; 401: not known; 403: known, and not allowed; 429, 503: cannot be told now. */
async function judge({ method, url = '', headers }) {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '') ?? [];
  const [name, ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  const shown = secret.join(':');
  if (isSame(name, user) && isSame(shown, password)) return 200;
  const [, namespace, until] = PULL_USER.exec(name) ?? [];
  if (!namespace || Number(until) * 1_000 < Date.now()) return 401;
  if (!isSame(shown, createHmac('sha256', password).update(name).digest('base64url'))) return 401;
  if (method !== 'GET' && method !== 'HEAD') return 403;
  if (url === '/v2/') return 200;
  const [, owner, repository] = (!/\.\.|\/\/|\/\.\//.test(url) && READABLE.exec(url)) || [];
  if (owner === namespace) return 200;
  return owner && GATE_API ? publicity(`${owner}/${repository}`, namespace) : 403;
}

/** An image is many requests: what is public is asked once for all of them. ms */
const REMEMBERED_MS = 2_000;
/** Repositories of others that one namespace may ask for; the gateway's patience is for all of them. */
const QUESTIONS_A_MINUTE = 60;
const answers = new Map(); // by path: { until, status }, the status a promise
const questions = new Map(); // by namespace: how many in this minute
setInterval(() => questions.clear(), 60_000).unref();

/** 200 when the repository is public; 403 when it is not, or is not there: nobody is told which. */
function publicity(path, asker) {
  const now = Date.now();
  for (const [key, { until }] of answers) if (until <= now) answers.delete(key);
  const known = answers.get(path);
  if (known) return known.status;
  const asked = (questions.get(asker) ?? 0) + 1;
  if (asked > QUESTIONS_A_MINUTE) return 429;
  questions.set(asker, asked);
  const status = askGateway(path);
  answers.set(path, { until: now + REMEMBERED_MS, status });
  return status;
}

/** As anybody without a login sees it. */
async function askGateway(path) {
  if (path.split('/').length !== 2) return 403; // no repository of the system is called so
  try {
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const answer = await fetch(`${GATE_API}/v1/repositories/${path}`, { signal, redirect: 'error' });
    const { is_public: isPublic } = await answer.json();
    if (answer.status === 200) return isPublic === true ? 200 : 403;
    return answer.status === 404 ? 403 : 503;
  } catch {
    return 503;
  }
}

const REFUSALS = {
  401: ['UNAUTHORIZED', 'authentication required'],
  403: ['DENIED', 'access to the resource is denied'],
  429: ['TOOMANYREQUESTS', 'too many repositories of other namespaces'],
  503: ['UNAVAILABLE', 'whether the repository is public cannot be told'],
};

function refuse(request, response, status) {
  const [code, message] = REFUSALS[status];
  response.writeHead(status, {
    'content-type': 'application/json',
    'docker-distribution-api-version': 'registry/2.0',
    ...(status === 401 && { 'www-authenticate': 'Basic realm="registry"' }),
    connection: 'close', // what may still come is not read
  });
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify({ errors: [{ code, message, detail: null }] }));
}

/** For the registry to say that it is there, for the gateway to say what is public. */
const ANSWER_LIMIT_MS = 3_000;

/** For whoever watches over it: nothing of what the registry answered is shown. */
const HEALTH = {
  '/healthz': (response) => response.end(),
  '/readyz': (response) => {
    const asked = forward({ ...registry, path: '/v2/', timeout: ANSWER_LIMIT_MS }, (answer) => {
      answer.resume();
      response.writeHead(answer.statusCode === 200 ? 200 : 503).end();
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', () => !response.headersSent && response.writeHead(503).end());
    asked.end();
  },
};

const server = createServer(async (request, response) => {
  const health = Object.hasOwn(HEALTH, request.url) && HEALTH[request.url];
  if (health && request.method === 'GET') return health(response);
  const status = await judge(request);
  if (status !== 200) return refuse(request, response, status);
  if (response.destroyed) return; // gone while the gateway was asked
  const { authorization: _, ...headers } = request.headers;
  const onward = forward({ ...registry, method: request.method, path: request.url, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    pipeline(answer, response, () => {}); // what breaks off breaks off for the asker, too
  });
  onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.on('close', () => onward.destroy());
  request.pipe(onward);
});
server.requestTimeout = 0; // a large layer takes its time
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
server.listen(Number(port), host);
for (const signal of ['SIGTERM', 'SIGINT'])
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
