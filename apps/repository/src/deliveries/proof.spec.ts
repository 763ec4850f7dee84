import { createHmac } from 'node:crypto';
import type { CodeHostName } from '@slipway/contracts';
import { coversRefs, proofOf, type Proof } from './proof.js';

const secret = "It's a Secret to Everybody";
const body = Buffer.from('Hello, World!');
/** Of docs.github.com, "Validating webhook deliveries". */
const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const sha1 = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`;

const nowMs = 1_576_754_827_988;
const gitee = (timestampMs: number | string, key = secret): Record<string, string> => ({
  'x-gitee-token': createHmac('sha256', key).update(`${timestampMs}\n${key}`).digest('base64'),
  'x-gitee-timestamp': String(timestampMs),
});

type Case = [CodeHostName, string, Record<string, string>, Proof];

describe('the proof of a delivery', () => {
  it.each<Case>([
    ['GitHub', 'right', { 'x-hub-signature-256': signature }, 'good'],
    ['GitHub', 'right, in capitals', { 'x-hub-signature-256': `sha256=${signature.slice(7).toUpperCase()}` }, 'good'],
    ['GitHub', 'missing', {}, 'bad'],
    ['GitHub', 'empty', { 'x-hub-signature-256': '' }, 'bad'],
    ['GitHub', 'too short', { 'x-hub-signature-256': signature.slice(0, -1) }, 'bad'],
    ['GitHub', 'too long', { 'x-hub-signature-256': `${signature}0` }, 'bad'],
    ['GitHub', 'of another secret', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }, 'bad'],
    ['GitHub', 'without its algorithm', { 'x-hub-signature-256': signature.slice(7) }, 'bad'],
    ['GitHub', 'by a weaker algorithm', { 'x-hub-signature-256': sha1 }, 'bad'],
    ['GitHub', 'under another header', { 'x-hub-signature': signature }, 'bad'],
    ['Bitbucket', 'right', { 'x-hub-signature': signature }, 'good'],
    ['Bitbucket', 'by a weaker algorithm', { 'x-hub-signature': sha1 }, 'bad'],
    ['Bitbucket', 'missing', {}, 'bad'],
    ['OSChina', 'the password', { 'x-gitee-token': secret }, 'good'],
    ['OSChina', 'another password', { 'x-gitee-token': `${secret}!` }, 'bad'],
    ['OSChina', 'missing', {}, 'bad'],
    ['OSChina', 'a signature of now', gitee(nowMs), 'good'],
    ['OSChina', 'a signature of an hour ago', gitee(nowMs - 3_600_000), 'good'],
    ['OSChina', 'an older signature', gitee(nowMs - 3_600_001), 'bad'],
    ['OSChina', 'a signature of tomorrow', gitee(nowMs + 86_400_000), 'bad'],
    ['OSChina', 'a signature of no time', gitee('now'), 'bad'],
    ['OSChina', 'a signature by another secret', gitee(nowMs, 'other'), 'bad'],
    ['OSChina', 'a signature of another time', { ...gitee(nowMs), 'x-gitee-timestamp': String(nowMs - 1) }, 'bad'],
    ['GitCafe', 'its code', {}, 'good'],
    ['Simple', 'its code', {}, 'good'],
    ['Simple', 'right', { 'x-hub-signature-256': signature }, 'good'],
    ['Simple', 'of another secret', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }, 'bad'],
  ])('by %s: %s', (client, _, headers, proof) => expect(proofOf(client, { headers, body }, secret, nowMs)).toBe(proof));

  it('is of every byte', () => {
    const headers = { 'x-hub-signature-256': signature };
    expect(proofOf('GitHub', { headers, body: Buffer.from('Hello, World!\n') }, secret, nowMs)).toBe('bad');
  });

  it('is none without a secret, but where the code is one', () => {
    const headers = { 'x-hub-signature-256': signature, 'x-hub-signature': signature, 'x-gitee-token': '' };
    for (const client of ['GitHub', 'Bitbucket', 'OSChina', 'Simple'] as const)
      expect(proofOf(client, { headers, body }, null, nowMs)).toBe('no-secret');
    expect(proofOf('GitCafe', { headers, body }, null, nowMs)).toBe('good');
  });

  it('says of the refs nothing where it does not cover the body', () =>
    expect(
      (['GitHub', 'Bitbucket', 'OSChina', 'GitCafe', 'Simple'] as const).filter((one) => !coversRefs(one)),
    ).toEqual(['OSChina']));
});
