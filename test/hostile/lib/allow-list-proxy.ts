import { createServer, request as forward } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** What the policy `proxy` is made for: names that may be asked for, and where each of them is. */
export type AllowList = Readonly<Record<string, { readonly address: string; readonly port: number }>>;

export interface AllowListProxy {
  readonly port: number;
  /** Hosts that somebody asked for, allowed or not. */
  readonly asked: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/** A proxy as operators run one: HTTP and CONNECT, to the hosts of a list and nowhere else. */
export async function startAllowListProxy(allowed: AllowList, address: string): Promise<AllowListProxy> {
  const asked: string[] = [];
  const placeOf = (host: string): AllowList[string] | undefined => {
    asked.push(host);
    return Object.hasOwn(allowed, host) ? allowed[host] : undefined;
  };
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '');
    const place = url && placeOf(url.hostname);
    if (!place) return void response.writeHead(403).end('not on the list\n');
    const { address: host, port } = place;
    const onward = forward({ host, port, path: url.pathname, method: request.method }, (answer) => {
      response.writeHead(answer.statusCode ?? 502);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    const place = placeOf((request.url ?? '').replace(/:\d+$/, ''));
    if (!place) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const onward = connect(place.port, place.address, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) end.on('error', () => [socket, onward].forEach((each) => each.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked: () => asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
