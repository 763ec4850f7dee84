import { idempotencyOf } from './idempotency.js';

const posted = (key: string | undefined, method = 'POST') => ({
  method,
  headers: key === undefined ? {} : { 'idempotency-key': key },
});
const digestOf = (asked: unknown, subject = 'cmd.a'): string | undefined =>
  idempotencyOf(posted('k'), subject, asked)?.digest;

describe('an idempotency key', () => {
  it('is that of a POST alone', () => {
    expect(idempotencyOf(posted('k'), 'cmd.a', {})).toMatchObject({ key: 'k' });
    expect(idempotencyOf(posted(undefined), 'cmd.a', {})).toBeUndefined();
    expect(idempotencyOf(posted('k', 'PUT'), 'cmd.a', {})).toBeUndefined();
  });

  it('stands for what is asked, in whatever order it is said', () => {
    expect(digestOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(digestOf({ b: [{ d: 3, c: 2 }], a: 1 }));
    expect(digestOf({ a: [1, 2] })).not.toBe(digestOf({ a: [2, 1] }));
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: '1' }));
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: 1 }, 'cmd.b'));
  });

  it.each(['', 'x'.repeat(256)])('has 1 to 255 characters: %#', (key) =>
    expect(() => idempotencyOf(posted(key), 'cmd.a', {})).toThrow(
      expect.objectContaining({
        code: 'FIELD_INVALID',
        fields: [expect.objectContaining({ source: 'Idempotency-Key' })],
      }),
    ),
  );
});
