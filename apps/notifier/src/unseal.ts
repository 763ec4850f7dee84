import { createDecipheriv, createHash, type KeyObject } from 'node:crypto';
import type { SealedKey } from '@slipway/contracts';

/** As the repository service names keys of the environment in what it seals. */
const keyIdOf = (secretKey: KeyObject): string =>
  createHash('sha256').update(secretKey.export()).digest('hex').slice(0, 8);

/**
 * Opens what the repository service sealed, AES-256-GCM. `boundTo`: what it was sealed beside.
 * @throws when the environment no longer has its key, or it was sealed for something else
 */
export function unseal(sealed: SealedKey, boundTo: string, secretKeys: readonly KeyObject[]): Buffer {
  const secretKey = secretKeys.find((key) => keyIdOf(key) === sealed.keyId);
  if (!secretKey) throw new Error(`the environment has no key ${sealed.keyId}`);
  const decipher = createDecipheriv('aes-256-gcm', secretKey, Buffer.from(sealed.iv, 'base64'))
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(Buffer.from(sealed.tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(sealed.ciphertext, 'base64')), decipher.final()]);
}
