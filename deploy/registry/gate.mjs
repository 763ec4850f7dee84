#!/usr/bin/env node
// In front of an image registry that knows no tenants: nobody gets in without a login, and builds read only what is their
// own namespace's. Needs Node 22 or later and nothing else. It says at /healthz that it runs, at /readyz whether the
// registry answers it. All of it comes from the environment:
//
//   GATE_LISTEN    where to listen: 127.0.0.1:5000
//   GATE_REGISTRY  the registry: http://host:port, or unix:/path of its socket. Nobody else may reach it
//   GATE_LOGIN     user:password that may everything; agents and orchestrators have it in their REGISTRY_URL
//
// An agent that has the login makes others of it, for its builds: the user is `pull.<namespace>.<seconds since 1970>`, the
// password the HMAC-SHA256 of that name, keyed with the login's password, in base64url. It reads repositories of that
// namespace until then. docs/adr/0033-network-and-limits.md says why.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, request as forward } from 'node:http';
import { pipeline } from 'node:stream';

const { GATE_LISTEN = '', GATE_REGISTRY = '', GATE_LOGIN = '' } = process.env;
const [, host, port] = /^(.+):(\d+)$/.exec(GATE_LISTEN) ?? [];
const [user, ...rest] = GATE_LOGIN.split(':');
const password = rest.join(':');
if (!host || !GATE_REGISTRY || !user || password.length < 16) {
  process.stderr.write('GATE_LISTEN, GATE_REGISTRY and GATE_LOGIN (a password of 16 characters or more) are needed.\n');
  process.exit(64);
}
const registry = GATE_REGISTRY.startsWith('unix:')
  ? { socketPath: GATE_REGISTRY.slice('unix:'.length) }
  : { host: new URL(GATE_REGISTRY).hostname, port: new URL(GATE_REGISTRY).port || '80' };

const sha256 = (text) => createHash('sha256').update(text).digest();
const isSame = (one, other) => timingSafeEqual(sha256(one), sha256(other));
const PULL_USER = /^pull\.([a-z0-9][a-z0-9._-]*)\.(\d{1,12})$/;
/** Nothing that a registry might take for another path than is read here. */
const READABLE =
  /^\/v2\/([a-z0-9][a-z0-9._-]*)\/[a-z0-9][a-z0-9._/-]*\/(?:manifests|blobs|tags)\/[A-Za-z0-9_][A-Za-z0-9._:+-]*$/;

/** 200: let through; 401: not known; 403: known, and not allowed. */
function judge({ method, url = '', headers }) {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '') ?? [];
  const [name, ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  const shown = secret.join(':');
  if (isSame(name, user) && isSame(shown, password)) return 200;
  const [, namespace, until] = PULL_USER.exec(name) ?? [];
  if (!namespace || Number(until) * 1_000 < Date.now()) return 401;
  if (!isSame(shown, createHmac('sha256', password).update(name).digest('base64url'))) return 401;
  if (method !== 'GET' && method !== 'HEAD') return 403;
  if (url === '/v2/') return 200;
  return !/\.\.|\/\/|\/\.\//.test(url) && READABLE.exec(url)?.[1] === namespace ? 200 : 403;
}

const REFUSALS = {
  401: ['UNAUTHORIZED', 'authentication required'],
  403: ['DENIED', 'access to the resource is denied'],
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
const ANSWER_LIMIT_MS = 3_000;

const server = createServer((request, response) => {
  const health = Object.hasOwn(HEALTH, request.url) && HEALTH[request.url];
  if (health && request.method === 'GET') return health(response);
  const status = judge(request);
  if (status !== 200) return refuse(request, response, status);
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
