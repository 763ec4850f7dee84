import { scryptSync } from 'node:crypto';
import { passwords } from './password.js';

const password = 'correct horse battery';
const CHEAP = { n: 16, r: 1, p: 1 };

describe('a password', () => {
  it('is kept as a salted scrypt hash, with what it was made with', async () => {
    const { hash, verify } = passwords();
    const [first, second] = await Promise.all([hash(password), hash(password)]);
    expect(first).toMatchObject({ algorithm: 'scrypt', n: 32_768, r: 8, p: 1 });
    expect(Buffer.from(first.salt, 'base64')).toHaveLength(16);
    expect(first.salt).not.toBe(second.salt);
    expect(first.hash).not.toBe(second.hash);
    expect(await verify(password, first)).toBe(true);
    expect(await verify(`${password}!`, first)).toBe(false);
  }, 30_000);

  it('is checked with the parameters that it was kept with', async () => {
    const salt = Buffer.from('saltsaltsaltsalt');
    const hash = scryptSync(password, salt, 32, { N: 16, r: 1, p: 1 });
    const old = { algorithm: 'scrypt', n: 16, r: 1, p: 1, salt: salt.toString('base64') } as const;
    const { verify } = passwords();
    expect(await verify(password, { ...old, hash: hash.toString('base64') })).toBe(true);
    expect(await verify(password, { ...old, r: 2, hash: hash.toString('base64') })).toBe(false);
  });

  it("is nobody's where there is none, after as much work", async () => {
    const { hash, verify } = passwords();
    const known = await hash(password);
    const timeOf = async (work: () => Promise<unknown>): Promise<number> => {
      const began = performance.now();
      await work();
      return performance.now() - began;
    };
    const [none, wrong] = [
      await timeOf(async () => expect(await verify(password, null)).toBe(false)),
      await timeOf(() => verify('wrong', known)),
    ];
    expect(none).toBeGreaterThan(wrong / 10); // without the work it would be a thousandth
  }, 30_000);

  it('is the same, however a keyboard composes it', async () => {
    const { hash, verify } = passwords(CHEAP);
    expect(await verify('Zu\u0308rich im Regen', await hash('Z\u00fcrich im Regen'))).toBe(true);
  });

  it('waits its turn, and no more of them than can be', async () => {
    const { verify } = passwords(CHEAP);
    const tried = await Promise.allSettled(Array.from({ length: 40 }, () => verify(password, null)));
    const refused = tried.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(6); // 2 at work, 32 waiting
    expect(refused).toEqual(
      refused.map(() => expect.objectContaining({ reason: expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }) })),
    );
    expect(await verify(password, null)).toBe(false);
  }, 30_000);
});
