import { createDecipheriv, createHash, type KeyObject } from 'node:crypto';
import type { SealedKey } from '@slipway/contracts';
import { AppError, type ErrorCode } from '@slipway/kernel';

/** Keys of the environment. The first seals; all of them open. */
export type SecretKeys = readonly [KeyObject, ...KeyObject[]];

/** Tells which key of the environment opens it, and nothing about the key. */
export const keyIdOf = (secretKey: KeyObject): string =>
  createHash('sha256').update(secretKey.export()).digest('hex').slice(0, 8);

/**
 * What was sealed beside this: a private key beside its public half. The caller wipes it.
 * @throws DEPLOY_KEY_UNREADABLE, or the code that is named, when the environment no longer has the key, or the event was
 * tampered with
 */
export function openSealed(
  sealed: SealedKey,
  about: string,
  secretKeys: SecretKeys,
  code: Extract<ErrorCode, `${string}_UNREADABLE`> = 'DEPLOY_KEY_UNREADABLE',
): Buffer {
  const { keyId, iv, tag, ciphertext } = sealed;
  const secretKey = secretKeys.find((key) => keyIdOf(key) === keyId);
  if (!secretKey) throw new AppError(code, { keyId });
  try {
    const decipher = createDecipheriv('aes-256-gcm', secretKey, Buffer.from(iv, 'base64'))
      .setAAD(Buffer.from(about))
      .setAuthTag(Buffer.from(tag, 'base64'));
    const opened = decipher.update(ciphertext, 'base64');
    decipher.final();
    return opened;
  } catch (cause) {
    throw new AppError(code, { keyId }, { cause });
  }
}
