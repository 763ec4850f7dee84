import { createCipheriv, randomBytes, type KeyObject } from 'node:crypto';
import type { SealedKey } from '@slipway/contracts';
import { keyIdOf } from './secret-keys.js';

const IV_BYTES = 12;

/**
 * AES-256-GCM. The public half is authenticated with it, so that a private key cannot be put beside another public one;
 * whoever opens it gives the same public line.
 */
export function seal(privateKey: Buffer, publicKey: string, secretKey: KeyObject): SealedKey {
  const iv = randomBytes(IV_BYTES); // fresh each time: 2^32 keys are far off
  const cipher = createCipheriv('aes-256-gcm', secretKey, iv).setAAD(Buffer.from(publicKey));
  const ciphertext = Buffer.concat([cipher.update(privateKey), cipher.final()]);
  return {
    keyId: keyIdOf(secretKey),
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    ciphertext: ciphertext.toString('base64'),
  };
}
