import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

export const AUDIENCE = 'slipway';

export interface TestKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  /** As the issuer publishes it. */
  readonly jwk: JWK;
}

/** A real issuer over HTTP, whose keys are changed by the test. */
export interface TestIssuer {
  readonly url: string;
  keys: readonly TestKey[];
  /** Answers 500 to everything, or takes requests and never answers. */
  mood: 'good' | 'broken' | 'silent';
  /** How often its keys were fetched. */
  readonly fetched: () => number;
  readonly stop: () => Promise<void>;
}

export async function testKey(kid: string, alg = 'ES256'): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export async function startIssuer(keys: readonly TestKey[]): Promise<TestIssuer> {
  let fetched = 0;
  const server = createServer((request, response) => {
    if (issuer.mood === 'silent') return;
    if (issuer.mood === 'broken') return void response.writeHead(500).end();
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    if (!isDiscovery) fetched++;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(
        isDiscovery
          ? { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }
          : { keys: issuer.keys.map(({ jwk }) => jwk) },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: TestIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    mood: 'good',
    fetched: () => fetched,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}

export interface Wanted {
  readonly claims?: JWTPayload;
  /** Seconds from now. */
  readonly expiresInS?: number | undefined;
  readonly notBeforeInS?: number;
}

/** A token as the issuer would make it, but for what the test wants otherwise. */
export function signedBy(
  key: TestKey,
  issuer: string,
  { claims = {}, notBeforeInS, ...wanted }: Wanted = {},
): Promise<string> {
  const nowS = Math.floor(Date.now() / 1_000);
  const { expiresInS } = { expiresInS: 300, ...wanted };
  return new SignJWT({
    iss: issuer,
    aud: AUDIENCE,
    sub: '7',
    preferred_username: 'olga',
    ...(expiresInS !== undefined && { exp: nowS + expiresInS }),
    ...(notBeforeInS !== undefined && { nbf: nowS + notBeforeInS }),
    ...claims,
  })
    .setProtectedHeader({ alg: key.alg, kid: key.kid })
    .sign(key.privateKey);
}
