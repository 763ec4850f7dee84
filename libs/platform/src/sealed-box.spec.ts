import { boxReader, sealFor } from './sealed-box.js';

const secret = Buffer.from('a private key');

describe('a sealed box', () => {
  it('is opened by the reader it was sealed for', () => {
    const reader = boxReader();
    expect(reader.open(sealFor(reader.publicKey, secret, 'the key of a/b'), 'the key of a/b')).toEqual(secret);
  });

  it('is opened by nobody else, and is about nothing else', () => {
    const reader = boxReader();
    const box = sealFor(reader.publicKey, secret, 'the key of a/b');
    expect(() => boxReader().open(box, 'the key of a/b')).toThrow();
    expect(() => reader.open(box, 'the key of a/c')).toThrow();
  });

  it('is refused when anything of it was changed', () => {
    const reader = boxReader();
    const box = sealFor(reader.publicKey, secret, 'x');
    const other = sealFor(reader.publicKey, secret, 'x');
    for (const part of ['sender', 'iv', 'tag', 'ciphertext'] as const)
      expect(() => reader.open({ ...box, [part]: other[part] }, 'x')).toThrow();
  });

  it('is not made for what is no public key', () => {
    expect(() => sealFor('bm90IGEga2V5', secret, 'x')).toThrow();
    expect(() => sealFor(Buffer.alloc(32).toString('base64'), secret, 'x')).toThrow(); // every secret with it is zero
  });
});
