import { commandSubjects, LoginCommand } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { serve } from '@slipway/messaging';
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';
import { callerWith, type Answer } from '../../house/client.fixtures.js';
import { rethrow } from '../../house/commands.fixtures.js';
import { openHouse, type House } from '../../house/house.fixtures.js';
import {
  AUDIENCE,
  signedBy,
  startIssuer,
  testKey,
  type TestIssuer,
  type TestKey,
  type Wanted,
} from './issuer.fixtures.js';

let first: TestKey;
let issuer: TestIssuer;
let house: House;
const logins: LoginCommand[] = [];

/** Opens a gateway for an issuer. The service that decides is played by: every subject is the user of its first name. */
async function openHouseFor(of: TestIssuer): Promise<House> {
  const opened = await openHouse({
    oidc: {
      issuer: of.url,
      audience: AUDIENCE,
      usernameClaim: 'preferred_username',
      admin: { claim: 'groups', value: 'slipway-admins' },
      cooldownMs: 0,
    },
  });
  serve(opened.nats, {
    subject: commandSubjects.login,
    queue: 'repository',
    schema: LoginCommand,
    onError: rethrow,
    handle: async (command) => {
      logins.push(command);
      if (command.username === 'taken') throw new AppError('IDENTITY_REFUSED');
      return { username: command.username, isAdmin: false };
    },
  });
  await opened.nats.flush();
  return opened;
}

beforeAll(async () => {
  first = await testKey('first');
  issuer = await startIssuer([first]);
  house = await openHouseFor(issuer);
}, 30_000);
afterAll(async () => {
  await house.stop();
  await issuer.stop();
});

const bearer = (token: string, at: House = house): Promise<Answer> =>
  callerWith(at.url, undefined)('/v1/auth/profile', { headers: { authorization: `Bearer ${token}` } });
const token = (wanted?: Wanted): Promise<string> => signedBy(first, issuer.url, wanted);
const refused = { status: 401, body: { errors: [{ code: 'token_invalid', source: 'Authorization' }] } };

describe('a token of the issuer', () => {
  it('is a login', async () => {
    expect(await bearer(await token())).toMatchObject({ status: 200, body: { username: 'olga', is_admin: false } });
    expect(logins).toContainEqual(expect.objectContaining({ issuer: issuer.url, subject: '7', username: 'olga' }));
  });

  it.each(['RS256', 'PS256', 'ES384', 'EdDSA'])('may be signed by %s', async (alg) => {
    const key = await testKey(`key-${alg}`, alg);
    issuer.keys = [first, key];
    expect(await bearer(await signedBy(key, issuer.url))).toMatchObject({ status: 200 });
  });

  it('makes an administrator when it says so', async () => {
    const admin = await token({ claims: { sub: '8', preferred_username: 'root', groups: ['a', 'slipway-admins'] } });
    expect(await bearer(admin)).toMatchObject({ status: 200, body: { username: 'root', is_admin: true } });
    const none = await token({ claims: { sub: '8', preferred_username: 'root', groups: ['slipway-admins-not'] } });
    expect(await bearer(none)).toMatchObject({ status: 200, body: { is_admin: false } });
  });

  it('is good within a minute of skew, and not beyond', async () => {
    expect(await bearer(await token({ expiresInS: -30 }))).toMatchObject({ status: 200 });
    expect(await bearer(await token({ expiresInS: -90 }))).toMatchObject(refused);
    expect(await bearer(await token({ notBeforeInS: 30 }))).toMatchObject({ status: 200 });
    expect(await bearer(await token({ notBeforeInS: 90 }))).toMatchObject(refused);
  });

  it.each([
    ['for somebody else', { aud: 'another-service' }],
    ['for nobody', { aud: undefined }],
    ['of another issuer', { iss: 'https://evil.example.com' }],
    ['of no issuer', { iss: undefined }],
    ['of nobody', { sub: undefined }],
  ])('is refused when it is %s', async (_, claims) =>
    expect(await bearer(await token({ claims: claims as JWTPayload }))).toMatchObject(refused),
  );

  it('is refused when it never expires', async () =>
    expect(await bearer(await token({ expiresInS: undefined }))).toMatchObject(refused));

  it('is refused when the name is taken, or is no user name', async () => {
    const named = (name: unknown) => token({ claims: { sub: '9', preferred_username: name } });
    const body = { errors: [{ code: 'identity_refused', source: 'Authorization' }] };
    for (const name of ['taken', 'Not A Name', '../x', '', 7, undefined])
      expect(await bearer(await named(name))).toMatchObject({ status: 403, body });
  });
});

describe('a forged token', () => {
  it('is refused when it is signed by another key of the same name', async () => {
    const forged = { ...(await testKey('other')), kid: 'first' };
    expect(await bearer(await signedBy(forged, issuer.url))).toMatchObject(refused);
  });

  it('is refused when it was changed', async () => {
    const [head = '', , signature = ''] = (await token()).split('.');
    const claims = { iss: issuer.url, aud: AUDIENCE, sub: '1', exp: 9_999_999_999, preferred_username: 'admin' };
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
    expect(await bearer(`${head}.${body}.${signature}`)).toMatchObject(refused);
  });

  it('is refused without a signature', async () => {
    const claims = { sub: '7', preferred_username: 'olga' };
    const none = new UnsecuredJWT(claims).setIssuer(issuer.url).setAudience(AUDIENCE).setExpirationTime('5m').encode();
    expect(await bearer(none)).toMatchObject(refused);
  });

  it('is refused when the public key is its secret', async () => {
    const spki = await exportSPKI((await importJWK(first.jwk, 'ES256', { extractable: true })) as CryptoKey);
    for (const secret of [spki, JSON.stringify(first.jwk)]) {
      const forged = await new SignJWT({ sub: '7', preferred_username: 'olga' })
        .setProtectedHeader({ alg: 'HS256', kid: 'first' })
        .setIssuer(issuer.url)
        .setAudience(AUDIENCE)
        .setExpirationTime('5m')
        .sign(Buffer.from(secret));
      expect(await bearer(forged)).toMatchObject(refused);
    }
  });

  it.each(['x.y.z', 'slp_abc', 'e30.e30.', '....'])('is refused as %s', async (text) =>
    expect(await bearer(text)).toMatchObject(refused),
  );
});

describe('keys of the issuer', () => {
  it('are fetched once for many tokens, and again when a new one is named', async () => {
    await bearer(await token());
    const before = issuer.fetched();
    for (let count = 0; count < 5; count++) await bearer(await token());
    expect(issuer.fetched()).toBe(before);
    const rotated = await testKey('rotated');
    issuer.keys = [rotated];
    expect(await bearer(await signedBy(rotated, issuer.url))).toMatchObject({ status: 200 });
    expect(await bearer(await token())).toMatchObject(refused);
    issuer.keys = [first];
  });

  it('that are known stay good while the issuer is down', async () => {
    await bearer(await token());
    issuer.mood = 'broken';
    try {
      expect(await bearer(await token())).toMatchObject({ status: 200 });
    } finally {
      issuer.mood = 'good';
    }
  });
});

describe('an issuer that is down', () => {
  it('is told with 503 as long as its keys are not known, holds nobody up, and local tokens are good', async () => {
    const down = await startIssuer([first]);
    down.mood = 'silent';
    const other = await openHouseFor(down);
    try {
      const local = await other.tokenOf('alice');
      const startedMs = performance.now();
      const waiting = bearer(await signedBy(first, down.url), other);
      expect(await callerWith(other.url, local)('/v1/auth/profile')).toMatchObject({ status: 200 });
      const { status, headers, body } = await waiting;
      expect([status, body]).toEqual([503, { errors: [expect.objectContaining({ code: 'issuer_unavailable' })] }]);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(performance.now() - startedMs).toBeLessThan(7_000);
      down.mood = 'broken';
      expect(await bearer(await signedBy(first, down.url), other)).toMatchObject({ status: 503 });
      down.mood = 'good';
      expect(await bearer(await signedBy(first, down.url), other)).toMatchObject({ status: 200 });
    } finally {
      await other.stop();
      await down.stop();
    }
  }, 30_000);
});
