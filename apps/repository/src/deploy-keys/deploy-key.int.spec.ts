import { execFileSync } from 'node:child_process';
import { createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SealedKey } from '@slipway/contracts';
import { temporaryDirectory } from '@slipway/testing';
import { makeDeployKey } from './deploy-key.js';
import { seal } from './seal.js';

describe('deploy key', () => {
  // Comments of all lengths, so that every length of the padding occurs.
  it.each(['a', 'ab', 'abc', 'abcd', 'abcde', 'abcdef', 'abcdefg', 'slipway:alice/app'])(
    'is a pair that ssh-keygen reads (%s)',
    async (comment) => {
      const folder = temporaryDirectory();
      try {
        const { publicKey, privateKey } = await makeDeployKey(comment, 'ed25519');
        const file = join(folder.path, 'key');
        writeFileSync(file, privateKey, { mode: 0o600 });
        expect(execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).trim()).toBe(publicKey);
        writeFileSync(`${file}.pub`, publicKey);
        expect(execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`], { encoding: 'utf8' })).toMatch(/\(ED25519\)/);
      } finally {
        folder.remove();
      }
    },
  );

  it('is RSA for hosts that take nothing newer, and ssh-keygen reads it', async () => {
    const folder = temporaryDirectory();
    try {
      const { publicKey, privateKey } = await makeDeployKey('slipway:alice/app', 'rsa');
      const file = join(folder.path, 'key');
      writeFileSync(file, privateKey, { mode: 0o600 });
      const read = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).trim();
      expect(`${read} slipway:alice/app`).toBe(publicKey);
      writeFileSync(`${file}.pub`, publicKey);
      expect(execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`], { encoding: 'utf8' })).toMatch(/^3072 .*\(RSA\)/);
    } finally {
      folder.remove();
    }
  });

  it('is another one each time', async () => {
    const [one, other] = await Promise.all([makeDeployKey('a', 'ed25519'), makeDeployKey('a', 'ed25519')]);
    expect(one.publicKey).not.toBe(other.publicKey);
  });
});

describe('sealed key', () => {
  const bytes = randomBytes(32);
  const secretKey = createSecretKey(bytes);

  it('opens with the key and the public half it was sealed with', () =>
    expect(open(seal(Buffer.from('private'), 'public', secretKey), 'public', bytes)).toBe('private'));

  it('does not open beside another public half, nor with another key', () => {
    const sealed = seal(Buffer.from('private'), 'public', secretKey);
    expect(() => open(sealed, 'other', bytes)).toThrow();
    expect(() => open(sealed, 'public', randomBytes(32))).toThrow();
  });

  it('names the key without telling it', () =>
    expect(seal(Buffer.from('private'), 'public', secretKey).keyId).toBe(
      createHash('sha256').update(bytes).digest('hex').slice(0, 8),
    ));

  it('looks different each time', () => {
    const sealed = () => seal(Buffer.from('private'), 'public', secretKey).ciphertext;
    expect(sealed()).not.toBe(sealed());
  });
});

function open({ iv, tag, ciphertext }: SealedKey, publicKey: string, bytes: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', bytes, Buffer.from(iv, 'base64'))
    .setAAD(Buffer.from(publicKey))
    .setAuthTag(Buffer.from(tag, 'base64'));
  return decipher.update(ciphertext, 'base64', 'utf8') + decipher.final('utf8');
}
