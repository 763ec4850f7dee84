import { generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export interface DeployKey {
  /** OpenSSH format, one line, as code hosts take it. */
  readonly publicKey: string;
  /** OpenSSH format, as every `ssh-add -` takes it; older ones refuse PKCS8 for ed25519. */
  readonly privateKey: Buffer;
}

export type DeployKeyType = 'ed25519' | 'rsa';

const KEY_TYPE = 'ssh-ed25519';
const RSA_BITS = 3_072;

const makePair = promisify(generateKeyPair);

/** A fresh pair. `comment` is all a person has to tell one key from another on the code host. */
export const makeDeployKey = (comment: string, type: DeployKeyType): Promise<DeployKey> =>
  type === 'rsa' ? makeRsaKey(comment) : makeEd25519Key(comment);

/** For hosts that take nothing newer. PKCS1 is what every `ssh-add -` takes of RSA. */
async function makeRsaKey(comment: string): Promise<DeployKey> {
  const { publicKey, privateKey } = await makePair('rsa', { modulusLength: RSA_BITS });
  const { e = '', n = '' } = publicKey.export({ format: 'jwk' });
  const blob = Buffer.concat([text('ssh-rsa'), mpint(e), mpint(n)]);
  return {
    publicKey: `ssh-rsa ${blob.toString('base64')} ${comment}`,
    privateKey: Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs1' })),
  };
}

/** A positive number never begins with a set bit. Source: RFC 4251, 5 */
function mpint(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return block((bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]));
}

async function makeEd25519Key(comment: string): Promise<DeployKey> {
  const { publicKey, privateKey }: Readonly<Record<'publicKey' | 'privateKey', KeyObject>> = await makePair('ed25519');
  const publicBytes = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  const publicBlob = Buffer.concat([text(KEY_TYPE), block(publicBytes)]);
  return {
    publicKey: `${KEY_TYPE} ${publicBlob.toString('base64')} ${comment}`,
    privateKey: armour(
      publicBlob,
      Buffer.concat([text(KEY_TYPE), block(publicBytes), block(Buffer.concat([seed, publicBytes])), text(comment)]),
    ),
  };
}

const CIPHER_BLOCK = 8; // what the section is padded to when there is no cipher
const PEM_LINE = 70;

/** Source: openssh-portable, PROTOCOL.key */
function armour(publicBlob: Buffer, privateFields: Buffer): Buffer {
  const check = randomBytes(4);
  const fields = Buffer.concat([check, check, privateFields]);
  const missing = (CIPHER_BLOCK - (fields.length % CIPHER_BLOCK)) % CIPHER_BLOCK;
  const padding = Buffer.from(Array.from({ length: missing }, (_, index) => index + 1)); // 1, 2, 3, …
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'), // cipher
    text('none'), // key derivation
    text(''),
    count(1),
    block(publicBlob),
    block(Buffer.concat([fields, padding])),
  ]);
  const lines = body.toString('base64').match(new RegExp(`.{1,${PEM_LINE}}`, 'g')) ?? [];
  return Buffer.from(
    ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n'),
  );
}

function count(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
const block = (bytes: Buffer): Buffer => Buffer.concat([count(bytes.length), bytes]);
const text = (value: string): Buffer => block(Buffer.from(value));
