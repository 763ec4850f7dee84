import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request. `hold`: it waits until the rule changes. */
export type Rule = (request: { readonly method: string; readonly path: string }) => 'pass' | 'hold' | 'unavailable';

/** Between an agent's engine and a registry, over HTTP. Loopback only. */
export interface RegistryProxy {
  /** With the login of the registry behind it. */
  readonly url: string;
  /** Holds for what comes from now on, and is asked again for what waits. */
  readonly rule: (rule: Rule) => void;
  /** Requests that wait and whose sender still does. */
  readonly held: () => number;
  /** Requests that the registry has got, as `PUT /v2/…`. */
  readonly passed: () => readonly string[];
  readonly close: () => Promise<void>;
}

export const pass: Rule = () => 'pass';
export const refuseAll: Rule = () => 'unavailable';
/** Whatever writes. */
export const holdUploads: Rule = ({ method }) => (['GET', 'HEAD'].includes(method) ? 'pass' : 'hold');
/** The last request of a push: with it the image is there. An engine does not repeat it, as it does those for layers. */
const isManifest = ({ method, path }: Parameters<Rule>[0]): boolean => method === 'PUT' && path.includes('/manifests/');
export const holdManifests: Rule = (request) => (isManifest(request) ? 'hold' : 'pass');
export const refuseManifests: Rule = (request) => (isManifest(request) ? 'unavailable' : 'pass');

interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export async function startRegistryProxy(registryUrl: string): Promise<RegistryProxy> {
  const { hostname, port } = new URL(registryUrl);
  let current: Rule = pass;
  let waiting: Waiting[] = [];
  const passed: string[] = [];
  const decide = (one: Waiting): void => {
    const { request, response } = one;
    const { method = 'GET', url: path = '/', headers } = request;
    if (response.destroyed) return; // whoever sent it has gone
    const verdict = current({ method, path });
    if (verdict === 'hold') return void waiting.push(one);
    if (verdict === 'unavailable') return void response.writeHead(503).end();
    passed.push(`${method} ${path}`);
    const onward = forward({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  };
  const server = createServer((request, response) => decide({ request, response }));
  server.requestTimeout = 0; // what is held waits as long as the test wants
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: Object.assign(new URL(registryUrl), { port: (server.address() as AddressInfo).port }).href,
    rule: (rule) => {
      current = rule;
      const before = waiting;
      waiting = [];
      before.forEach(decide);
    },
    held: () => waiting.filter(({ response }) => !response.destroyed).length,
    passed: () => passed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
