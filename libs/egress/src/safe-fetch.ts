import { request as requestHttp, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import { AppError } from '@slipway/kernel';
import type { Egress } from './egress.js';

export interface SafeRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** From the lookup to the last byte of the answer. Default 10 s. */
  readonly timeoutMs?: number;
  /** The rest of a longer body is left unread. Default 64 KiB. */
  readonly maxBytes?: number;
  /** Certificates to trust instead of the machine's, PEM. */
  readonly ca?: string | undefined;
}

export interface SafeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** At most `maxBytes` of it. */
  readonly body: Buffer;
}

const DEFAULTS = { method: 'GET', timeoutMs: 10_000, maxBytes: 65_536 } as const;

/**
 * HTTP to a URL that a user chose. It is sent to the one address that was judged; redirects are answers, not followed;
 * no proxy is used; each request has a connection of its own.
 * @throws AppError ADDRESS_REFUSED, also for a scheme other than http and https; the error of the network; the
 * signal's reason, or a TimeoutError
 */
export async function safeFetch(egress: Egress, url: string | URL, request: SafeRequest = {}): Promise<SafeAnswer> {
  const target = new URL(url);
  if (!/^https?:$/.test(target.protocol)) throw new AppError('ADDRESS_REFUSED', { host: target.hostname });
  const limit = AbortSignal.timeout(request.timeoutMs ?? DEFAULTS.timeoutMs);
  const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
  const address = await egress.addressOf(target.hostname, signal);
  try {
    return await send(target, address, { ...request, signal });
  } catch (error) {
    signal.throwIfAborted(); // its reason says more than that something was aborted
    throw error;
  }
}

function send(url: URL, address: string, request: SafeRequest): Promise<SafeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<SafeAnswer>();
  const options: RequestOptions & { ca?: string } = {
    method: request.method ?? DEFAULTS.method,
    headers: request.headers ?? {},
    signal: request.signal,
    agent: false,
    lookup: always(address),
    ...(request.ca === undefined ? {} : { ca: request.ca }),
  };
  const outgoing = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (incoming) => {
    const chunks: Buffer[] = [];
    let missing = request.maxBytes ?? DEFAULTS.maxBytes;
    const done = (): void =>
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) });
    incoming.on('error', reject).on('end', done);
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk.subarray(0, missing));
      missing -= chunk.length;
      if (missing >= 0) return;
      done();
      outgoing.destroy();
    });
  });
  outgoing.on('error', reject);
  outgoing.end(request.body);
  return promise;
}

/** Node asks for one address or for all, as it likes. */
function always(address: string): LookupFunction {
  const family = isIPv6(address) ? 6 : 4;
  return (_host, { all }, answer) => (all ? answer(null, [{ address, family }]) : answer(null, address, family));
}
