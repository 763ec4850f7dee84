import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

/** A secret on its way to one reader. Every part is base64. */
export interface SealedBox {
  /** Public half of a pair made for this box alone. */
  readonly sender: string;
  readonly iv: string;
  readonly tag: string;
  readonly ciphertext: string;
}

/** Whoever opens boxes. Made for one question and forgotten with its answer. */
export interface BoxReader {
  /** X25519, the 32 bytes as base64: given to whoever is to seal. */
  readonly publicKey: string;
  /** The caller wipes what it gets. @throws when the box is not for this reader, or not about this */
  readonly open: (box: SealedBox, about: string) => Buffer;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const PURPOSE = 'slipway sealed box v1';

export function boxReader(): BoxReader {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const reader = rawOf(publicKey);
  return {
    publicKey: reader,
    open: ({ sender, iv, tag, ciphertext }, about) => {
      const key = keyBetween(privateKey, sender, { sender, reader });
      const decipher = createDecipheriv(CIPHER, key, Buffer.from(iv, 'base64'))
        .setAAD(Buffer.from(about))
        .setAuthTag(Buffer.from(tag, 'base64'));
      const opened = decipher.update(ciphertext, 'base64');
      decipher.final();
      return opened;
    },
  };
}

/**
 * X25519 with a pair of its own, HKDF-SHA256, AES-256-GCM: nobody but the reader opens it, not even who sealed it.
 * `about` is not secret; the reader must name the same.
 * @throws when `reader` is no public key
 */
export function sealFor(reader: string, secret: Buffer, about: string): SealedBox {
  const pair = generateKeyPairSync('x25519');
  const sender = rawOf(pair.publicKey);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyBetween(pair.privateKey, reader, { sender, reader }), iv);
  cipher.setAAD(Buffer.from(about));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  return {
    sender,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    ciphertext: ciphertext.toString('base64'),
  };
}

/** Bound to both public halves, so that neither can be exchanged. */
function keyBetween(own: KeyObject, other: string, ends: { readonly sender: string; readonly reader: string }): Buffer {
  const shared = diffieHellman({ privateKey: own, publicKey: publicKeyOf(other) });
  return Buffer.from(hkdfSync('sha256', shared, ends.sender + ends.reader, PURPOSE, KEY_BYTES));
}

const rawOf = (publicKey: KeyObject): string =>
  Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');

const publicKeyOf = (raw: string): KeyObject =>
  createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'X25519', x: Buffer.from(raw, 'base64').toString('base64url') },
  });
