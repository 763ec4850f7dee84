import { createCipheriv, randomBytes, type KeyObject } from 'node:crypto';
import type { SealedKey } from '@slipway/contracts';
import { keyIdOf } from './secret-keys.js';

const IV_BYTES = 12;

/**
 * AES-256-GCM. What it is about is authenticated with it, so that it opens in no other place: a private key is about its
 * public half, a secret about its name. Whoever opens it says the same.
 */
export function seal(secret: Buffer, about: string, secretKey: KeyObject): SealedKey {
  const iv = randomBytes(IV_BYTES); // fresh each time: 2^32 keys are far off
  const cipher = createCipheriv('aes-256-gcm', secretKey, iv).setAAD(Buffer.from(about));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  return {
    keyId: keyIdOf(secretKey),
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    ciphertext: ciphertext.toString('base64'),
  };
}
