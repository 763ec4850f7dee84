import { AppError } from '@slipway/kernel';
import {
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
  type JWTPayload,
  type RemoteJWKSet,
} from 'jose';
import { z } from 'zod';

export interface IssuerConfig {
  /** As tokens name it; `/.well-known/openid-configuration` lies below. */
  readonly issuer: string;
  readonly audience: string;
  /** How often keys are fetched for a key that is not known, at most. Default: 30 s. */
  readonly cooldownMs?: number;
}

export interface Issuer {
  /** What the token says, once it is proven. @throws TOKEN_INVALID, ISSUER_UNAVAILABLE */
  readonly verify: (token: string) => Promise<JWTPayload & { readonly sub: string }>;
}

/** Public keys only: with `HS256` the public key would be the secret. Source: RFC 8725, section 3.1 */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_SKEW_S = 60;
const FETCH_LIMIT_MS = 5_000;
const COOLDOWN_MS = 30_000;
/** Keys that the issuer has withdrawn are good for no longer than that. */
const KEYS_MAX_AGE_MS = 600_000;

/** Verifies tokens of one issuer. Its keys are fetched when the first token comes, and again when a new key is named. */
export function oidcIssuer({ issuer, audience, cooldownMs = COOLDOWN_MS }: IssuerConfig): Issuer {
  const discovered = discoveryOf(issuer, cooldownMs);
  const keyOf = async (header: JWSHeaderParameters, token: FlattenedJWSInput) => {
    const keys = await discovered();
    try {
      return await keys(header, token);
    } catch (cause) {
      if (OF_THE_TOKEN.some((kind) => cause instanceof kind)) throw new AppError('TOKEN_INVALID', {}, { cause });
      throw new AppError('ISSUER_UNAVAILABLE', {}, { cause });
    }
  };
  return {
    verify: async (token) => {
      try {
        const { payload } = await jwtVerify<{ sub: string }>(token, keyOf, {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          clockTolerance: CLOCK_SKEW_S,
          requiredClaims: ['exp', 'sub'],
        });
        return payload;
      } catch (error) {
        if (error instanceof AppError) throw error;
        throw new AppError('TOKEN_INVALID', {}, { cause: error });
      }
    },
  };
}

/** The keys are there, but none of them is for this token. Everything else is the issuer's fault. */
const OF_THE_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** Fetches what the issuer says of itself until it was found once; requests that come meanwhile share one attempt. */
function discoveryOf(issuer: string, cooldownDuration: number): () => Promise<RemoteJWKSet> {
  let found: Promise<RemoteJWKSet> | undefined;
  const discover = async (): Promise<RemoteJWKSet> => {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_LIMIT_MS), redirect: 'error' });
    if (!answer.ok) throw new Error(`${url} was answered with ${answer.status}`);
    const discovery = Discovery.parse(await answer.json());
    if (discovery.issuer !== issuer) throw new Error(`${url} is of the issuer ${discovery.issuer}`);
    return createRemoteJWKSet(new URL(discovery.jwks_uri), {
      timeoutDuration: FETCH_LIMIT_MS,
      cooldownDuration,
      cacheMaxAge: KEYS_MAX_AGE_MS,
    });
  };
  return () =>
    (found ??= discover().catch((cause: unknown) => {
      found = undefined;
      throw new AppError('ISSUER_UNAVAILABLE', {}, { cause });
    }));
}
